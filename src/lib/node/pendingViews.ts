import type { BlockHash } from '../bytes/hash';
import type { Election } from '../election/definition';
import { phaseAt, type Phase } from '../election/phase';
import type { PendingView } from './api';
import type { LedgerCore } from './ledgerCore';
import type { PendingTransaction } from './mempool';
import type { ReceiptCodes } from './receiptCodes';
import { isAllowed } from './template';

/** What the judgement of a transaction depends on, besides itself: the chain, and what time it is for the rules. */
interface Circumstances {
	readonly tip: BlockHash;
	readonly phase: Phase;
}

interface Judged extends Circumstances {
	/** Undefined when the chain as it is cannot take it. */
	readonly view: PendingView | undefined;
}

/**
 * What waits to be recorded, without what the chain as it is cannot take, such as enrolments that the opening came before: nobody
 * need wait for those. An opening is shown in any case; its organiser signs it anew when it does not fit.
 *
 * A page asks for it with every change, while mining several times a second, and thousands may be pending: so the list stays the
 * same array until it has reason to change, and each transaction is judged once a tip and phase.
 */
export class PendingViews {
	readonly #judged = new WeakMap<PendingTransaction, Judged>();
	#basis: (Circumstances & { readonly revision: number }) | undefined;
	#list: readonly PendingView[] = [];

	constructor(
		private readonly core: Pick<LedgerCore, 'election' | 'mempool' | 'state' | 'verdicts' | 'clock'>,
		private readonly codes: ReceiptCodes
	) {}

	list(): readonly PendingView[] {
		const { mempool, state, clock } = this.core;
		const now = clock.now();
		const basis = { revision: mempool.revision, tip: state.tip, phase: phaseAt(state, now) };
		if (this.#basis?.revision !== basis.revision || !isSame(this.#basis, basis)) {
			this.#basis = basis;
			this.#list = mempool
				.all()
				.map((pending) => this.#viewOf(pending, basis, now))
				.filter((view) => view !== undefined);
		}
		return this.#list;
	}

	#viewOf(pending: PendingTransaction, { tip, phase }: Circumstances, now: number): PendingView | undefined {
		const known = this.#judged.get(pending);
		if (known && isSame(known, { tip, phase })) return known.view;
		const isShown = pending.transaction.kind === 'opening' || isAllowed(this.core, pending, now);
		const view = isShown ? (known?.view ?? this.#newView(this.core.election, pending)) : undefined;
		this.#judged.set(pending, { tip, phase, view });
		return view;
	}

	#newView(election: Election, { id, transaction }: PendingTransaction): PendingView {
		switch (transaction.kind) {
			case 'ballot':
				return {
					id,
					kind: 'ballot',
					receiptCode: this.codes.of(transaction.nullifier),
					choices: transaction.choices
				};
			case 'enrolment':
				return { id, kind: 'enrolment', voterId: election.roll[transaction.rollIndex]?.voterId ?? '' };
			case 'opening':
				return { id, kind: 'opening', groupSize: transaction.groupSize };
			case 'closing':
				return { id, kind: 'closing', countedHeight: transaction.height };
		}
	}
}

function isSame(a: Circumstances, b: Circumstances): boolean {
	return a.tip === b.tip && a.phase === b.phase;
}
