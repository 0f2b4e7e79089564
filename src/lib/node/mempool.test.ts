import { expect, it } from 'vitest';
import { sampleBallot } from '../election/testing/samples';
import { encodeTransaction, transactionId } from '../election/transaction';
import { Mempool, pendingTransaction } from './mempool';

const [first, second] = [1, 2].map((seed) => {
	const ballot = sampleBallot(seed);
	return pendingTransaction(ballot, transactionId(ballot), seed);
}) as [ReturnType<typeof pendingTransaction>, ReturnType<typeof pendingTransaction>];

it('finds a ballot by ID and by nullifier, and lists all in the order of their coming', () => {
	const mempool = new Mempool();
	mempool.add(second);
	mempool.add(first);
	expect(mempool.all()).toEqual([second, first]);
	expect(mempool.size).toBe(2);
	expect(mempool.has(first.id)).toBe(true);
	expect(mempool.get(first.id)).toBe(first);
	expect(mempool.withNullifier(first.transaction.nullifier)).toBe(first);
	expect(first.bytes).toEqual(encodeTransaction(first.transaction));
});

it('forgets a removed ballot under both names, and does not mind one that is not there', () => {
	const mempool = new Mempool();
	mempool.add(first);
	mempool.remove(second.id);
	mempool.remove(first.id);
	expect(mempool.size).toBe(0);
	expect(mempool.get(first.id)).toBeUndefined();
	expect(mempool.withNullifier(first.transaction.nullifier)).toBeUndefined();
});
