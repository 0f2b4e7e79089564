import type { BlockHash } from '../bytes/hash';
import type { Election } from '../election/definition';
import { phaseAt, type Phase } from '../election/phase';
import { receiptCode } from '../election/receiptCode';
import type { PendingView } from './api';
import type { LedgerCore } from './ledgerCore';
import type { PendingTransaction } from './mempool';
import { isAllowed } from './template';

/** All that the list depends on: the pending transactions, the chain, and what time it is for the rules. */
interface Basis {
	readonly revision: number;
	readonly tip: BlockHash;
	readonly phase: Phase;
}

/**
 * What waits to be recorded, without what the chain as it is cannot take, such as enrolments that the opening came before: nobody
 * need wait for those. An opening is shown in any case; its organiser signs it anew when it does not fit.
 *
 * A page asks for it with every change, while mining several times a second, and thousands may be pending: so the list stays the
 * same array until it has reason to change, and what is shown of each is found out once.
 */
export class PendingViews {
	readonly #views = new WeakMap<PendingTransaction, PendingView>();
	#basis: Basis | undefined;
	#list: readonly PendingView[] = [];

	constructor(private readonly core: Pick<LedgerCore, 'election' | 'mempool' | 'state' | 'verdicts' | 'clock'>) {}

	list(): readonly PendingView[] {
		const { mempool, state, clock } = this.core;
		const now = clock.now();
		const basis: Basis = { revision: mempool.revision, tip: state.tip, phase: phaseAt(state, now) };
		if (!isSame(basis, this.#basis)) {
			this.#basis = basis;
			this.#list = mempool
				.all()
				.filter((pending) => pending.transaction.kind === 'opening' || isAllowed(this.core, pending, now))
				.map((pending) => this.#view(pending));
		}
		return this.#list;
	}

	#view(pending: PendingTransaction): PendingView {
		let view = this.#views.get(pending);
		if (view === undefined) {
			view = pendingView(this.core.election, pending);
			this.#views.set(pending, view);
		}
		return view;
	}
}

function isSame(a: Basis, b: Basis | undefined): boolean {
	return a.revision === b?.revision && a.tip === b.tip && a.phase === b.phase;
}

function pendingView(election: Election, { id, transaction }: PendingTransaction): PendingView {
	switch (transaction.kind) {
		case 'ballot':
			return { id, kind: 'ballot', receiptCode: receiptCode(transaction.nullifier), choices: transaction.choices };
		case 'enrolment':
			return { id, kind: 'enrolment', voterId: election.roll[transaction.rollIndex]?.voterId ?? '' };
		case 'opening':
			return { id, kind: 'opening', groupSize: transaction.groupSize };
		case 'closing':
			return { id, kind: 'closing', countedHeight: transaction.height };
	}
}
