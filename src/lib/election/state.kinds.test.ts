import { describe, expect, it } from 'vitest';
import type { BlockHash } from '../bytes/hash';
import { refusalOf } from '../bytes/testing/refusalOf';
import { phaseAt } from './phase';
import { organiserKeyOf } from './codeKeys';
import { CHECKED_BEFORE } from './rules/evidence';
import { signTransaction } from './signing';
import type { ElectionState } from './state';
import {
	extend,
	newState,
	sampleBallot,
	sampleChild,
	sampleCommitment,
	sampleElection,
	type HashedBlock
} from './testing/samples';
import {
	sampleClosing,
	sampleEnrolment,
	sampleEnrolmentElection,
	sampleEvidence,
	sampleGroupRoot,
	sampleOpening,
	sampleOrganiser
} from './testing/signedSamples';
import { transactionId, type Transaction } from './transaction';

/** Connects a child that holds these transactions, by true verdicts about signatures and roots. */
function connect(state: ElectionState, transactions: readonly Transaction[], timestamp?: number): HashedBlock {
	const child = sampleChild(state, transactions, timestamp === undefined ? {} : { timestamp });
	state.connectBlock(child.block, child.hash, sampleEvidence(state, transactions));
	return child;
}

/** Offers transactions that must be refused with this code, and checks that nothing changed. */
function expectRefused(state: ElectionState, transactions: readonly Transaction[], code: string, timestamp?: number) {
	const seen = () => [
		state.digest(),
		state.lastRecordedHeight,
		...transactions.map((transaction) => state.hasTransaction(transactionId(transaction)))
	];
	const before = seen();
	expect(refusalOf(() => connect(state, transactions, timestamp))).toBe(code);
	expect(seen()).toEqual(before);
}

/** An election with five voters, of whom those at these roll indices have enrolled in block 1. */
function enrolledState(...rollIndices: number[]): ElectionState {
	const state = newState(sampleEnrolmentElection(5));
	connect(
		state,
		rollIndices.map((rollIndex) => sampleEnrolment(state.electionId, rollIndex))
	);
	return state;
}

/** Four of five have enrolled in block 1, block 2 has opened the poll. */
function openState(): ElectionState {
	const state = enrolledState(0, 1, 2, 4);
	connect(state, [sampleOpening(state)]);
	return state;
}

/** The demo's way to be let in, with an organiser who can close. */
function issuedState(): ElectionState {
	return newState(sampleElection({ organiser: sampleOrganiser }));
}

function phaseOf(state: ElectionState): string {
	return phaseAt(state, state.height * 1_000);
}

describe('an election in which voters enrol', () => {
	it('goes from enrolment over the opening to the closing', () => {
		const state = newState(sampleEnrolmentElection(5));
		expect([phaseOf(state), state.enrolled, state.group, state.groupRoot]).toEqual(['enrolment', 0, undefined, null]);
		const first = connect(state, [sampleEnrolment(state.electionId, 4), sampleEnrolment(state.electionId, 0)]);
		connect(state, []);
		expect([state.height, state.lastRecordedHeight]).toEqual([2, 1]);
		connect(state, [sampleEnrolment(state.electionId, 2)]);
		expect(phaseOf(state)).toBe('enrolment');
		expect(state.lastRecordedHeight).toBe(3);
		expect([...state.enrolments.keys()]).toEqual([4, 0, 2]);
		expect(state.enrolments.get(0)).toEqual({
			rollIndex: 0,
			commitment: sampleCommitment(1),
			transactionId: transactionId(sampleEnrolment(state.electionId, 0)),
			height: 1,
			blockHash: first.hash,
			timestamp: 1_000
		});

		const opening = sampleOpening(state);
		const second = connect(state, [opening]);
		const group = [1, 3, 5].map(sampleCommitment);
		expect(phaseOf(state)).toBe('open');
		expect(state.opening).toEqual({
			groupRoot: sampleGroupRoot(group),
			group,
			height: 4,
			blockHash: second.hash,
			timestamp: 4_000,
			transactionId: transactionId(opening)
		});
		expect([state.group, state.groupRoot, state.enrolled]).toEqual([group, sampleGroupRoot(group), 3]);

		const counted = connect(state, [sampleBallot(1, [0, 1])]);
		connect(state, [sampleBallot(2, [1, 1])]);
		const closing = sampleClosing(state, 5);
		const last = connect(state, [closing]);
		expect(phaseOf(state)).toBe('closed');
		expect(state.closing).toEqual({
			countedHeight: 5,
			countedHash: counted.hash,
			height: 7,
			blockHash: last.hash,
			timestamp: 7_000,
			transactionId: transactionId(closing)
		});
		expect([...state.ballots.values()].map(({ height }) => height)).toEqual([5]);
		expect([...state.lateBallots.values()].map(({ height }) => height)).toEqual([6]);
		expect(state.votes).toEqual([
			[1, 0, 0],
			[0, 1]
		]);
		expect(state.lastRecordedHeight).toBe(7);
	});

	it('can do all of that in one block, but the closing', () => {
		const state = newState(sampleEnrolmentElection(3));
		const enrolments = [2, 0, 1].map((rollIndex) => sampleEnrolment(state.electionId, rollIndex));
		const group = { electionId: state.electionId, enrolledCommitments: () => [1, 2, 3].map(sampleCommitment) };
		connect(state, [...enrolments, sampleOpening(group), sampleBallot(1)]);
		expect([state.enrolled, state.ballots.size, state.opening?.height]).toEqual([3, 1, 1]);
		connect(state, [sampleBallot(2), sampleClosing(state, 1)]);
		expect([state.ballots.size, state.lateBallots.size]).toEqual([1, 1]);
	});

	it('asks for proofs about the frozen group', () => {
		const state = openState();
		const { block, hash } = sampleChild(state, [sampleBallot(1)]);
		const asked: unknown[] = [];
		state.connectBlock(block, hash, { ...CHECKED_BEFORE, isProven: (_, root) => asked.push(root) > 0 });
		expect(asked).toEqual([sampleGroupRoot([1, 2, 3, 5].map(sampleCommitment))]);
	});
});

describe('an election with issued codes', () => {
	it('has the roll as its group from the start, without a root of its own', () => {
		const state = issuedState();
		expect(phaseOf(state)).toBe('open');
		expect([state.group, state.groupRoot, state.enrolled]).toEqual([[1, 2, 3].map(sampleCommitment), null, 3]);
		const { block, hash } = sampleChild(state, [sampleBallot(1)]);
		const asked: unknown[] = [];
		state.connectBlock(block, hash, { ...CHECKED_BEFORE, isProven: (_, root) => asked.push(root) > 0 });
		expect(asked).toEqual([null]);
	});

	it('refuses enrolments and openings', () => {
		const state = issuedState();
		expectRefused(state, [sampleEnrolment(state.electionId, 0)], 'no-enrolment');
		expectRefused(state, [sampleOpening(state, { groupSize: 3 })], 'no-enrolment');
	});

	it('can be closed, at the genesis already: then no ballot counts', () => {
		const state = issuedState();
		connect(state, [sampleBallot(1)]);
		connect(state, [sampleClosing(state, 0)]);
		expect([state.ballots.size, state.lateBallots.size, phaseOf(state)]).toEqual([0, 1, 'closed']);
		expect(state.votes.flat().every((votes) => votes === 0)).toBe(true);
	});

	it('can be closed after closesAt, which makes the result final', () => {
		const election = sampleElection({ organiser: sampleOrganiser, closesAt: '1970-01-01T00:00:05.000Z' });
		const state = newState(election);
		connect(state, [sampleBallot(1)]);
		expectRefused(state, [sampleBallot(2)], 'poll-closed', 5_000);
		connect(state, [sampleClosing(state)], 6_000);
		expect([state.ballots.size, state.isClosed]).toEqual([1, true]);
	});

	it('cannot be closed by anybody when it has no organiser', () => {
		const state = newState(sampleElection({ organiser: null }));
		expectRefused(state, [sampleClosing(state)], 'bad-signature');
	});
});

describe('enrolment', () => {
	it('counts the first in chain order, in an earlier block and in the same', () => {
		const state = enrolledState(0);
		const again = sampleEnrolment(state.electionId, 0, sampleCommitment(50));
		expectRefused(state, [again], 'already-enrolled');
		const two = [60, 61].map((n) => sampleEnrolment(state.electionId, 1, sampleCommitment(n)));
		expectRefused(state, two, 'already-enrolled');
		connect(state, two.slice(1));
		expect(state.enrolments.get(1)?.commitment).toBe(sampleCommitment(61));
		expect(state.enrolments.get(0)?.commitment).toBe(sampleCommitment(1));
	});

	it('lets the other one win where a reorg brings it first', () => {
		const state = newState(sampleEnrolmentElection(5));
		const [one, other] = [60, 61].map((n) => sampleEnrolment(state.electionId, 1, sampleCommitment(n))) as [
			Transaction,
			Transaction
		];
		const losing = connect(state, [one]);
		expectRefused(state, [other], 'already-enrolled');
		state.disconnectBlock(losing.block, losing.hash);
		connect(state, [other]);
		expectRefused(state, [one], 'already-enrolled');
		expect(state.isCommitted(sampleCommitment(60))).toBe(false);
		expect(state.isCommitted(sampleCommitment(61))).toBe(true);
	});

	it('refuses a credential of another voter, and everybody who is not on the roll', () => {
		const state = enrolledState(0);
		expectRefused(state, [sampleEnrolment(state.electionId, 1, sampleCommitment(1))], 'duplicate-commitment');
		expectRefused(state, [sampleEnrolment(state.electionId, 5)], 'unknown-voter');
	});

	it('refuses the signature of another voter, of the organiser and of another election', () => {
		const state = enrolledState(0);
		const { signature } = sampleEnrolment(state.electionId, 2, sampleCommitment(2));
		expectRefused(state, [{ ...sampleEnrolment(state.electionId, 1), signature }], 'bad-signature');
		const unsigned = { kind: 'enrolment' as const, rollIndex: 1, commitment: sampleCommitment(2) };
		const key = organiserKeyOf(new Uint8Array(32));
		expectRefused(state, [signTransaction(state.electionId, unsigned, key)], 'bad-signature');
		expectRefused(state, [sampleEnrolment(issuedState().electionId, 1)], 'bad-signature');
	});

	it('is over with the opening, in the same block already', () => {
		const state = enrolledState(0, 1, 2);
		const late = sampleEnrolment(state.electionId, 3);
		expectRefused(state, [sampleOpening(state), late], 'enrolment-closed');
		connect(state, [sampleOpening(state)]);
		expectRefused(state, [late], 'enrolment-closed');
		connect(state, [sampleClosing(state)]);
		expectRefused(state, [late], 'poll-closed');
	});
});

describe('the opening', () => {
	it('refuses a wrong size and a wrong root', () => {
		const state = enrolledState(0, 1, 2, 3);
		for (const groupSize of [0, 3, 5]) expectRefused(state, [sampleOpening(state, { groupSize })], 'bad-group');
		const three = sampleGroupRoot([1, 2, 3].map(sampleCommitment));
		const inChainOrder = sampleGroupRoot([4, 3, 2, 1].map(sampleCommitment));
		for (const groupRoot of [three, inChainOrder]) {
			expectRefused(state, [sampleOpening(state, { groupRoot })], 'bad-group');
		}
	});

	it('refuses a group that does not hold the enrolments before it in its own block', () => {
		const state = enrolledState(0, 1, 2);
		const opening = sampleOpening(state);
		expectRefused(state, [sampleEnrolment(state.electionId, 3), opening], 'bad-group');
	});

	it('refuses fewer than three voters', () => {
		const state = enrolledState(0, 1);
		expectRefused(state, [sampleOpening(state)], 'group-too-small');
	});

	it('refuses a second one', () => {
		const state = openState();
		expectRefused(state, [sampleOpening(state)], 'already-open');
		const fresh = enrolledState(0, 1, 2);
		expectRefused(fresh, [sampleOpening(fresh), sampleOpening(fresh)], 'already-open');
	});

	it('refuses every signature but the organiser’s', () => {
		const state = enrolledState(0, 1, 2);
		const opening = sampleOpening(state);
		const { signature } = sampleClosing(state);
		expectRefused(state, [{ ...opening, signature }], 'bad-signature');
		const key = organiserKeyOf(new Uint8Array(32));
		expectRefused(state, [signTransaction(state.electionId, opening, key)], 'bad-signature');
	});

	it('may come before opensAt, but no ballot', () => {
		const state = newState(sampleEnrolmentElection(3, { opensAt: '1970-01-01T00:00:10.000Z' }));
		const enrolments = [0, 1, 2].map((rollIndex) => sampleEnrolment(state.electionId, rollIndex));
		connect(state, enrolments, 1_000);
		connect(state, [sampleOpening(state)], 2_000);
		expect(phaseAt(state, 9_999)).toBe('before');
		expectRefused(state, [sampleBallot(1)], 'poll-not-open', 9_999);
		connect(state, [sampleBallot(1)], 10_000);
	});
});

describe('ballots', () => {
	it('wait for the frozen group', () => {
		const state = enrolledState(0, 1, 2);
		expectRefused(state, [sampleBallot(1)], 'poll-not-open');
		expectRefused(state, [sampleBallot(1), sampleOpening(state)], 'poll-not-open');
		connect(state, [sampleOpening(state), sampleBallot(1)]);
		expect(state.ballots.size).toBe(1);
	});

	it('are refused after the closing, in its own block already', () => {
		const state = openState();
		expectRefused(state, [sampleClosing(state), sampleBallot(1)], 'poll-closed');
		connect(state, [sampleClosing(state)]);
		expectRefused(state, [sampleBallot(1)], 'poll-closed');
	});

	it('wait again where a reorg takes the opening away', () => {
		const state = enrolledState(0, 1, 2);
		const opening = connect(state, [sampleOpening(state)]);
		state.disconnectBlock(opening.block, opening.hash);
		expectRefused(state, [sampleBallot(1)], 'poll-not-open');
		expect([state.opening, state.group, state.groupRoot]).toEqual([undefined, undefined, null]);
		connect(state, [sampleEnrolment(state.electionId, 3)]);
		connect(state, [sampleOpening(state)]);
		expect(state.group?.length).toBe(4);
	});
});

describe('the closing', () => {
	it('refuses a block that is not on the chain, or stands elsewhere on it', () => {
		const state = openState();
		connect(state, []);
		expectRefused(state, [sampleClosing(state, 3, 'ab'.repeat(32) as BlockHash)], 'unknown-block');
		expectRefused(state, [sampleClosing(state, 3, state.blockHashAt(2))], 'unknown-block');
		expectRefused(state, [sampleClosing(state, 4)], 'unknown-block');
		expectRefused(state, [sampleClosing(state, 1)], 'unknown-block');
		expectRefused(state, [sampleClosing(state, 0)], 'unknown-block');
	});

	it('refuses a block that a reorg has taken off', () => {
		const state = openState();
		const off = connect(state, [sampleBallot(1)]);
		const closing = sampleClosing(state);
		state.disconnectBlock(off.block, off.hash);
		connect(state, [sampleBallot(2)]);
		expectRefused(state, [closing], 'unknown-block');
	});

	it('refuses a second one, the same or another', () => {
		const state = openState();
		connect(state, [sampleBallot(1)]);
		const [first, second] = [sampleClosing(state, 3), sampleClosing(state, 2)];
		expectRefused(state, [first, second], 'already-closed');
		connect(state, [first]);
		expectRefused(state, [second], 'already-closed');
		expect(state.closing?.countedHeight).toBe(3);
	});

	it('refuses to close what was not opened', () => {
		const state = enrolledState(0, 1, 2);
		expectRefused(state, [sampleClosing(state)], 'poll-not-open');
		expectRefused(state, [sampleOpening(state), sampleClosing(state)], 'unknown-block');
	});

	it('refuses every signature but the organiser’s', () => {
		const state = openState();
		const key = organiserKeyOf(new Uint8Array(32));
		expectRefused(state, [signTransaction(state.electionId, sampleClosing(state), key)], 'bad-signature');
		const { signature } = sampleClosing(state, 1);
		expectRefused(state, [{ ...sampleClosing(state), signature }], 'bad-signature');
	});

	it('cuts off the ballots above the block it names, its own block included, and gives them back', () => {
		const state = openState();
		connect(state, [sampleBallot(1, [0, 0]), sampleBallot(2, [1, 0])]);
		connect(state, [sampleBallot(3, [2, 1])]);
		const before = state.digest();
		const own = [sampleBallot(4, [0, 1]), sampleClosing(state, 3)];
		const closed = connect(state, own);
		expect([...state.ballots.keys()]).toEqual([1, 2].map((seed) => sampleBallot(seed).nullifier));
		expect([...state.lateBallots.keys()]).toEqual([3, 4].map((seed) => sampleBallot(seed).nullifier));
		expect(state.votes).toEqual([
			[1, 1, 0],
			[2, 0]
		]);
		for (const transaction of own) expect(state.hasTransaction(transactionId(transaction))).toBe(true);
		state.disconnectBlock(closed.block, closed.hash);
		expect(state.digest()).toBe(before);
		expect([state.lateBallots.size, state.isClosed, state.lastRecordedHeight]).toEqual([0, false, 4]);
		connect(state, [sampleBallot(4, [0, 1])]);
		expect(state.ballots.size).toBe(4);
	});

	it('is undone with the rest of its block when a later transaction is refused', () => {
		const state = openState();
		connect(state, [sampleBallot(1)]);
		connect(state, [sampleBallot(2)]);
		expectRefused(state, [sampleBallot(3), sampleClosing(state, 3), sampleBallot(4)], 'poll-closed');
		expect([state.ballots.size, state.lateBallots.size]).toEqual([2, 0]);
	});
});

describe('disconnectBlock', () => {
	it('refuses another block with the same kinds of transactions', () => {
		const state = openState();
		const { hash } = connect(state, [sampleClosing(state)]);
		const before = state.digest();
		const parent = { tip: state.blockHashAt(2) ?? hash, height: 2 };
		for (const transactions of [[], [sampleClosing(state, 1)], [sampleOpening(state)]]) {
			const other = sampleChild(parent, transactions);
			expect(refusalOf(() => state.disconnectBlock(other.block, hash))).toBe('bad-merkle-root');
			expect(state.digest()).toBe(before);
		}
	});

	it('refuses the same transactions in another order', () => {
		const state = issuedState();
		const ballots = [sampleBallot(1), sampleBallot(2)];
		const { hash } = connect(state, ballots);
		const other = sampleChild({ tip: state.electionId, height: 0 }, ballots.toReversed());
		expect(refusalOf(() => state.disconnectBlock(other.block, hash))).toBe('bad-merkle-root');
	});
});

describe('connectWhatHolds', () => {
	it('applies what breaks no rule, and names the rest by index and code', () => {
		const state = enrolledState(0, 1);
		const opening = sampleOpening({
			electionId: state.electionId,
			enrolledCommitments: () => [1, 2, 3].map(sampleCommitment)
		});
		const transactions: Transaction[] = [
			sampleEnrolment(state.electionId, 0),
			sampleEnrolment(state.electionId, 2),
			sampleBallot(1),
			opening,
			sampleBallot(1, [0, 1]),
			sampleBallot(1, [1, 1]),
			sampleBallot(2, [9, 0]),
			{ ...sampleClosing(state), signature: new Uint8Array(64) },
			sampleClosing(state, 7)
		];
		const { block, hash } = sampleChild(state, transactions);
		const refusals = state.connectWhatHolds(block, hash, sampleEvidence(state, transactions));
		expect(refusals.map(({ index, error }) => [index, error.code])).toEqual([
			[0, 'already-enrolled'],
			[2, 'poll-not-open'],
			[5, 'duplicate-nullifier'],
			[6, 'unknown-option'],
			[7, 'unknown-block'],
			[8, 'unknown-block']
		]);
		const sound = enrolledState(0, 1);
		connect(sound, [1, 3, 4].map((index) => transactions[index]) as Transaction[]);
		const held = { ...state.toJSON(), tip: undefined };
		const rename = (text: string) => text.replaceAll(hash, sound.tip);
		expect(rename(JSON.stringify(held))).toBe(JSON.stringify({ ...sound.toJSON(), tip: undefined }));
	});

	it('does not look at what the header says but its time', () => {
		const state = openState();
		const { block, hash } = sampleChild(state, [sampleBallot(1)], {
			height: 77,
			previousHash: sampleCommitment(5),
			merkleRoot: sampleCommitment(6),
			timestamp: 123_456
		});
		expect(state.connectWhatHolds(block, hash, CHECKED_BEFORE)).toEqual([]);
		expect([state.height, state.tip, state.lastRecordedHeight]).toEqual([3, hash, 3]);
		expect([...state.ballots.values()]).toMatchObject([{ height: 3, timestamp: 123_456, blockHash: hash }]);
	});

	it('says nothing of a block that is sound, and ends where connectBlock does', () => {
		const [one, other] = [openState(), openState()];
		const { block, hash } = sampleChild(one, [sampleBallot(1), sampleClosing(one)]);
		expect(one.connectWhatHolds(block, hash, CHECKED_BEFORE)).toEqual([]);
		other.connectBlock(block, hash, CHECKED_BEFORE);
		expect(one.digest()).toBe(other.digest());
	});

	it('cannot be disconnected, because the block may hold what was never applied', () => {
		const state = openState();
		connect(state, [sampleBallot(1, [0, 0])]);
		const { block, hash } = sampleChild(state, [sampleBallot(1, [1, 1])]);
		expect(state.connectWhatHolds(block, hash, CHECKED_BEFORE)).toHaveLength(1);
		const before = state.digest();
		expect(refusalOf(() => state.disconnectBlock(block, hash))).toBe('bad-merkle-root');
		expect(state.digest()).toBe(before);
		expect(state.ballots.size).toBe(1);
	});

	it('passes on what is no verdict', () => {
		const state = openState();
		const { block, hash } = sampleChild(state, [sampleBallot(1)]);
		const broken = () => {
			throw new RangeError('broken');
		};
		expect(() => state.connectWhatHolds(block, hash, { ...CHECKED_BEFORE, isProven: broken })).toThrow(RangeError);
	});
});

describe('digest', () => {
	it('tells enrolments, their order, the opening, late ballots and the closing apart', () => {
		const states = [
			enrolledState(0, 1, 2),
			enrolledState(0, 2, 1),
			enrolledState(0, 1, 3),
			openState(),
			issuedState(),
			newState(sampleElection())
		];
		const tip = sampleCommitment(1_000);
		const digests = states.map((state) => state.digest());
		for (const height of [0, 1]) {
			const state = issuedState();
			extend(state, [sampleBallot(1)]);
			const { block } = sampleChild(state, [sampleClosing(state, height)]);
			state.connectWhatHolds(block, tip, CHECKED_BEFORE);
			digests.push(state.digest());
		}
		expect(new Set(digests).size).toBe(digests.length);
	});
});
