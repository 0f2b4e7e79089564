import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../bytes/testing/refusalOf';
import { CHECKED_BEFORE, type Evidence } from './rules/evidence';
import type { ElectionState } from './state';
import { resultsOf } from './tally';
import {
	newState,
	sampleBallot,
	quickChild,
	sampleCommitment,
	sampleElection,
	type HashedBlock
} from './testing/samples';
import { sampleEnrolmentElection, sampleGroupRoot, sampleOrganiser } from './testing/signedSamples';
import { transactionId, type Transaction } from './transaction';

/** What somebody tries; whether a rule allows it depends on the state. */
type Move =
	| { readonly kind: 'enrolment'; readonly rollIndex: number; readonly commitment: number }
	| { readonly kind: 'opening'; readonly wrong: boolean }
	| { readonly kind: 'ballot'; readonly voter: number; readonly option: number }
	| { readonly kind: 'closing'; readonly back: number };

const VOTERS = 6;
const enrolmentElection = sampleEnrolmentElection(VOTERS);
const issuedElection = sampleElection({ organiser: sampleOrganiser });
const signature = new Uint8Array(64);

/** Signatures are taken as they are; roots are looked at. */
const EVIDENCE: Evidence = {
	...CHECKED_BEFORE,
	isRootOf: (root, commitments) => sampleGroupRoot(commitments) === root
};

const anyEnrolmentMove: fc.Arbitrary<Move> = fc.record({
	kind: fc.constant('enrolment' as const),
	rollIndex: fc.nat(VOTERS),
	commitment: fc.integer({ min: 1, max: VOTERS + 2 })
});

const anyMove: fc.Arbitrary<Move> = fc.oneof(
	{ weight: 6, arbitrary: anyEnrolmentMove },
	{ weight: 3, arbitrary: fc.record({ kind: fc.constant('opening' as const), wrong: fc.boolean() }) },
	{
		weight: 8,
		arbitrary: fc.record({ kind: fc.constant('ballot' as const), voter: fc.nat(9), option: fc.nat(3) })
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('closing' as const), back: fc.integer({ min: -1, max: 4 }) }) }
);

/** Moves block by block. */
const anyScript = fc.array(fc.array(anyMove, { maxLength: 6 }), { minLength: 1, maxLength: 12 });
const anyElection = fc.constantFrom(enrolmentElection, enrolmentElection, issuedElection);

/** The transaction of a move, as somebody would make it who sees `state`. */
function transactionOf(move: Move, state: ElectionState): Transaction {
	switch (move.kind) {
		case 'enrolment':
			return { ...move, commitment: sampleCommitment(move.commitment), signature };
		case 'opening': {
			const group = state.enrolledCommitments();
			const groupRoot = sampleGroupRoot(move.wrong ? group.slice(1) : group);
			return { kind: 'opening', groupSize: group.length, groupRoot, signature };
		}
		case 'ballot':
			return sampleBallot(move.voter, [move.option, move.voter % 2]);
		case 'closing': {
			const height = Math.max(0, state.height - move.back);
			return { kind: 'closing', height, blockHash: state.blockHashAt(height) ?? sampleCommitment(1), signature };
		}
	}
}

/** All that can be seen of a state. */
function view(state: ElectionState) {
	return {
		digest: state.digest(),
		lastRecordedHeight: state.lastRecordedHeight,
		frozen: [state.isFrozen, state.isClosed, state.openedAtHeight, state.groupRoot, state.group, state.enrolled],
		enrolled: [state.enrolledCommitments(), ...Array.from({ length: VOTERS }, (_, index) => state.isEnrolled(index))],
		results: resultsOf(state)
	};
}

function connect(state: ElectionState, transactions: readonly Transaction[]): HashedBlock {
	const child = quickChild(state, transactions);
	state.connectBlock(child.block, child.hash, EVIDENCE);
	return child;
}

/** Connects a block of those moves that hold, one after another; tells what was tried in vain. */
function play(state: ElectionState, moves: readonly Move[]): { child: HashedBlock; refused: Transaction[] } {
	const held: Transaction[] = [];
	const refused: Transaction[] = [];
	let child = connect(state, held);
	for (const move of moves) {
		const next = transactionOf(move, state);
		state.disconnectBlock(child.block, child.hash);
		if (refusalOf(() => (child = connect(state, [...held, next]))) === undefined) held.push(next);
		else {
			refused.push(next);
			child = connect(state, held);
		}
	}
	return { child, refused };
}

describe('any sequence of transactions of all kinds', () => {
	it('is undone block by block, exactly', () => {
		fc.assert(
			fc.property(anyElection, anyScript, (election, script) => {
				const state = newState(election);
				const passed: [HashedBlock, object][] = [];
				for (const moves of script) {
					const before = view(state);
					passed.push([play(state, moves).child, before]);
				}
				for (const [{ block, hash }, before] of passed.reverse()) {
					for (const transaction of block.transactions) {
						expect(state.hasTransaction(transactionId(transaction))).toBe(true);
					}
					state.disconnectBlock(block, hash);
					expect(view(state)).toEqual(before);
					for (const transaction of block.transactions) {
						expect(state.hasTransaction(transactionId(transaction))).toBe(false);
					}
				}
				expect(view(state)).toEqual(view(newState(election)));
			})
		);
	});

	it('ends in the same state as the blocks alone, and as the audit finds it', () => {
		fc.assert(
			fc.property(anyElection, anyScript, (election, script) => {
				const [state, again, audit] = [newState(election), newState(election), newState(election)];
				for (const moves of script) {
					const { block, hash } = play(state, moves).child;
					again.connectBlock(block, hash, EVIDENCE);
					expect(audit.connectWhatHolds(block, hash, EVIDENCE)).toEqual([]);
				}
				expect(view(again)).toEqual(view(state));
				expect(view(audit)).toEqual(view(state));
			})
		);
	});

	it('means what a plain reading of the chain says', () => {
		fc.assert(
			fc.property(anyElection, anyScript, (election, script) => {
				const state = newState(election);
				const chain = script.flatMap((moves, index) =>
					play(state, moves).child.block.transactions.map((transaction) => ({ transaction, height: index + 1 }))
				);
				const ofKind = <Kind extends Transaction['kind']>(kind: Kind) =>
					chain.flatMap(({ transaction, height }, at) =>
						transaction.kind === kind
							? [{ ...(transaction as Extract<Transaction, { kind: Kind }>), at, recordedAt: height }]
							: []
					);
				const [enrolments, openings, ballots, closings] = [
					ofKind('enrolment'),
					ofKind('opening'),
					ofKind('ballot'),
					ofKind('closing')
				];
				const [opening] = openings;
				const [closing] = closings;
				expect(openings.length).toBeLessThanOrEqual(1);
				expect(closings.length).toBeLessThanOrEqual(1);

				expect(new Set(enrolments.map(({ rollIndex }) => rollIndex)).size).toBe(enrolments.length);
				expect(new Set(enrolments.map(({ commitment }) => commitment)).size).toBe(enrolments.length);
				expect([...state.enrolments.keys()]).toEqual(enrolments.map(({ rollIndex }) => rollIndex));
				if (opening) {
					expect(enrolments.every(({ at }) => at < opening.at)).toBe(true);
					expect(opening.groupSize).toBe(enrolments.length);
					expect(opening.groupSize).toBeGreaterThanOrEqual(3);
					expect(state.group).toEqual(enrolments.map(({ commitment }) => commitment).sort());
				}

				expect(new Set(ballots.map(({ nullifier }) => nullifier)).size).toBe(ballots.length);
				if (election.eligibility === 'enrolment') {
					expect(ballots.every(({ at }) => opening !== undefined && at > opening.at)).toBe(true);
				}
				if (closing) expect(chain.length).toBe(closing.at + 1);
				const last = closing?.height ?? Infinity;
				const counted = ballots.filter(({ recordedAt }) => recordedAt <= last);
				const late = ballots.filter(({ recordedAt }) => recordedAt > last);
				expect([...state.ballots.keys()]).toEqual(counted.map(({ nullifier }) => nullifier));
				expect([...state.lateBallots.keys()]).toEqual(late.map(({ nullifier }) => nullifier));
				const votes = election.contests.map(({ options }, contest) =>
					options.map((_, option) => counted.filter(({ choices }) => choices[contest] === option).length)
				);
				expect(state.votes).toEqual(votes);
			})
		);
	});

	it('takes nothing of a block in which one transaction is refused, wherever it stands', () => {
		fc.assert(
			fc.property(
				anyElection,
				anyScript,
				fc.array(anyMove, { minLength: 1, maxLength: 8 }),
				(election, script, last) => {
					const state = newState(election);
					for (const moves of script) play(state, moves);
					const before = view(state);
					const { child, refused } = play(state, last);
					state.disconnectBlock(child.block, child.hash);
					fc.pre(refused.length > 0);
					const held = child.block.transactions;
					for (const bad of refused) {
						// What was refused at its place need not be refused at another; where it is, nothing may stay.
						for (let place = 0; place <= held.length; place++) {
							const { block, hash } = quickChild(state, held.toSpliced(place, 0, bad));
							const code = refusalOf(() => state.connectBlock(block, hash, EVIDENCE));
							if (code === undefined) state.disconnectBlock(block, hash);
							expect(view(state)).toEqual(before);
						}
					}
				}
			),
			{ numRuns: 50 }
		);
	});

	it('passes through every phase often enough for that to mean something', () => {
		const seen = { enrolled: 0, opened: 0, voted: 0, late: 0, closed: 0 };
		const scripts = fc.sample(anyScript, { numRuns: 200, seed: 3 });
		for (const script of scripts) {
			const state = newState(enrolmentElection);
			for (const moves of script) play(state, moves);
			if (state.enrolled > 0) seen.enrolled++;
			if (state.opening) seen.opened++;
			if (state.ballots.size > 0) seen.voted++;
			if (state.lateBallots.size > 0) seen.late++;
			if (state.closing) seen.closed++;
		}
		for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5);
	});
});
