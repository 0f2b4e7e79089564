import { expect, it } from 'vitest';
import { LedgerHarness, START_MS } from '../../../tests/support/ledgerHarness';
import { ManualClock } from '../clock/manualClock';
import { transactionId } from '../election/transaction';
import { PendingViews } from './pendingViews';
import { ReceiptCodes } from './receiptCodes';

it('shows what waits, the same thing as long as nothing changes, and not what was recorded', async () => {
	const harness = new LedgerHarness();
	const [first, second] = await harness.ballots(2);
	const { ledger } = await harness.open();
	for (const ballot of [first!, second!]) await ledger.addTransaction(ballot, 'strict');
	const views = new PendingViews(new ReceiptCodes());
	const before = views.all(ledger.core);
	expect(before.map(({ id }) => id)).toEqual([first!, second!].map(transactionId));
	expect(views.all(ledger.core)[1]).toBe(before[1]);
	await ledger.addBlock(harness.mine(harness.genesis, [first!]).block);
	expect(views.all(ledger.core)).toEqual([before[1]]);
});

it('judges anew when time ends the poll', async () => {
	const harness = new LedgerHarness({ changes: { closesAt: new Date(START_MS + 5_000).toISOString() } });
	const clock = new ManualClock(START_MS);
	const { ledger } = await harness.open({ clock });
	await ledger.addTransaction(await harness.ballot(0), 'strict');
	const views = new PendingViews(new ReceiptCodes());
	expect(views.all(ledger.core)).toHaveLength(1);
	clock.advance(6_000);
	expect(views.all(ledger.core)).toEqual([]);
});
