import type { Election } from '../election/definition';
import { phaseAt, type Phase } from '../election/phase';
import type { BlockHash } from '../bytes/hash';
import type { PendingView } from './api';
import type { LedgerCore } from './ledgerCore';
import type { PendingTransaction } from './mempool';
import type { ReceiptCodes } from './receiptCodes';
import { isAllowed } from './template';

/** What was found out about a pending transaction, and under which circumstances: with these it may change. */
interface Judged {
	readonly tip: BlockHash;
	readonly phase: Phase;
	/** Undefined when the chain as it is cannot take it. */
	readonly view: PendingView | undefined;
}

/** What waits to be recorded, as the page sees it. A page looks after every change, so each is judged once a tip and phase. */
export class PendingViews {
	readonly #judged = new WeakMap<PendingTransaction, Judged>();

	constructor(private readonly codes: ReceiptCodes) {}

	/**
	 * Without what the chain as it is cannot take, such as enrolments that the opening came before: nobody need wait for those. An
	 * opening is shown in any case; its organiser signs it anew when it does not fit.
	 */
	all(core: LedgerCore): PendingView[] {
		const now = core.clock.now();
		const phase = phaseAt(core.state, now);
		return core.mempool
			.all()
			.map((pending) => this.#viewOf(core, pending, phase, now))
			.filter((view) => view !== undefined);
	}

	#viewOf(core: LedgerCore, pending: PendingTransaction, phase: Phase, now: number): PendingView | undefined {
		const tip = core.tip.hash;
		const known = this.#judged.get(pending);
		if (known?.tip === tip && known.phase === phase) return known.view;
		const isShown = pending.transaction.kind === 'opening' || isAllowed(core, pending, now);
		const view = isShown ? (known?.view ?? this.#newView(core.election, pending)) : undefined;
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
