import { expect, it } from 'vitest';
import { sampleBallot, sampleCommitment } from '../election/testing/samples';
import { encodeTransaction, SIGNATURE_LENGTH, transactionId, type Enrolment } from '../election/transaction';
import { Mempool, pendingTransaction } from './mempool';

const [first, second] = [1, 2].map((seed) => {
	const ballot = sampleBallot(seed);
	return pendingTransaction(ballot, transactionId(ballot), seed);
}) as [ReturnType<typeof pendingTransaction>, ReturnType<typeof pendingTransaction>];

it('finds a ballot by ID and by what it excludes, and lists all in the order of their coming', () => {
	const mempool = new Mempool();
	mempool.add(second);
	mempool.add(first);
	expect(mempool.all()).toEqual([second, first]);
	expect(mempool.size).toBe(2);
	expect(mempool.has(first.id)).toBe(true);
	expect(mempool.get(first.id)).toBe(first);
	expect(mempool.conflicting(first.transaction)).toBe(first);
	expect(first.bytes).toEqual(encodeTransaction(first.transaction));
});

it('forgets a removed ballot under both names, and does not mind one that is not there', () => {
	const mempool = new Mempool();
	mempool.add(first);
	mempool.remove(second.id);
	mempool.remove(first.id);
	expect(mempool.size).toBe(0);
	expect(mempool.get(first.id)).toBeUndefined();
	expect(mempool.conflicting(first.transaction)).toBeUndefined();
});

it('knows whose commitments wait to be enrolled', () => {
	const mempool = new Mempool();
	const enrolment: Enrolment = {
		kind: 'enrolment',
		rollIndex: 2,
		commitment: sampleCommitment(7),
		signature: new Uint8Array(SIGNATURE_LENGTH)
	};
	const pending = pendingTransaction(enrolment, transactionId(enrolment), 1);
	mempool.add(pending);
	expect(mempool.withKey('enrolment 2')).toBe(pending);
	expect(mempool.hasCommitment(sampleCommitment(7))).toBe(true);
	mempool.remove(pending.id);
	expect(mempool.hasCommitment(sampleCommitment(7))).toBe(false);
});
