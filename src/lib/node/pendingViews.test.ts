import { describe, expect, it } from 'vitest';
import { LedgerHarness, START_MS } from '../../../tests/support/ledgerHarness';
import { receiptCode } from '../election/receiptCode';
import { PendingViews } from './pendingViews';
import { ReceiptCodes } from './receiptCodes';

describe('what is shown as pending', () => {
	it('stays the same list until something is admitted or recorded', async () => {
		const harness = new LedgerHarness();
		const { ledger } = await harness.open();
		const views = new PendingViews(ledger.core, new ReceiptCodes());
		const [first, second] = [await harness.ballot(0), await harness.ballot(1)];
		await ledger.addTransaction(first, 'strict');
		const one = views.list();
		expect(one).toMatchObject([{ kind: 'ballot', receiptCode: receiptCode(first.nullifier), choices: [0] }]);
		expect(views.list()).toBe(one);

		await ledger.addTransaction(second, 'strict');
		const two = views.list();
		expect(two).toHaveLength(2);
		expect(two[0]).toBe(one[0]);

		await ledger.addBlock(harness.mine(harness.genesis, [first]).block);
		expect(views.list()).toMatchObject([{ receiptCode: receiptCode(second.nullifier) }]);
	});

	it('says of each chain what that chain can take, although nothing came or went', async () => {
		const harness = new LedgerHarness();
		const { ledger } = await harness.open();
		const views = new PendingViews(ledger.core, new ReceiptCodes());
		await ledger.addTransaction(await harness.ballot(0), 'strict');
		const before = views.list();
		await ledger.addBlock(harness.mine().block);
		expect(views.list()).not.toBe(before);
		expect(views.list()).toEqual(before);
	});

	it('ends with the poll', async () => {
		const harness = new LedgerHarness({ changes: { closesAt: new Date(START_MS + 1_000).toISOString() } });
		const { ledger } = await harness.open();
		const views = new PendingViews(ledger.core, new ReceiptCodes());
		await ledger.addTransaction(await harness.ballot(0), 'strict');
		expect(views.list()).toHaveLength(1);
		harness.clock.advance(1_000);
		expect(views.list()).toEqual([]);
		expect(ledger.core.mempool.size).toBe(1);
	});
});
