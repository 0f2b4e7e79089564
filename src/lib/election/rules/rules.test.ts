import { describe, expect, it } from 'vitest';
import type { Hash } from '../../bytes/hash';
import { transactionsRoot } from '../block';
import { decodeTransaction, encodeTransaction, transactionId, type Ballot } from '../transaction';
import { extend, newState, sampleBallot, sampleChild, sampleElection, sampleNullifier } from '../testing/samples';
import { refusalOf } from '../../bytes/testing/refusalOf';
import { checkBallot, checkPollOpen } from './checkBallot';
import { checkChoices } from './checkChoices';
import { checkMerkleRoot } from './checkMerkleRoot';
import { checkParent } from './checkParent';
import { checkUnused } from './checkUnused';

const election = sampleElection();
const timed = sampleElection({ opensAt: '2026-05-01T06:00:00.000Z', closesAt: '2026-05-01T18:00:00.000Z' });
const opens = Date.UTC(2026, 4, 1, 6);
const closes = Date.UTC(2026, 4, 1, 18);

describe('checkChoices', () => {
	it.each([[[0, 0]], [[2, 1]], [[255, 1]], [[2, 255]]])('accepts %j', (choices) => {
		expect(refusalOf(() => checkChoices(election, choices))).toBeUndefined();
	});

	it.each([
		[[]],
		[[0]],
		[[0, 0, 0]],
		[[3, 0]],
		[[0, 2]],
		[[254, 0]],
		[[-1, 0]],
		[[0.5, 0]],
		[[256, 0]],
		[[Number.NaN, 0]]
	])('refuses %j as unknown-option', (choices) => {
		expect(refusalOf(() => checkChoices(election, choices))).toBe('unknown-option');
	});

	it('refuses a ballot that chooses nothing', () => {
		expect(refusalOf(() => checkChoices(election, [255, 255]))).toBe('no-choice');
	});

	it('knows option 254 of a contest that has 255', () => {
		const options = Array.from({ length: 255 }, (_, i) => `Option ${i}`);
		const large = sampleElection({ contests: [{ title: 'Large', options }] });
		expect(refusalOf(() => checkChoices(large, [254]))).toBeUndefined();
		expect(refusalOf(() => checkChoices(large, [255]))).toBe('no-choice');
	});
});

describe('checkPollOpen', () => {
	it('judges by the timestamp', () => {
		const context = { election: timed, isFrozen: true, isClosed: false };
		expect(refusalOf(() => checkPollOpen(context, opens - 1))).toBe('poll-not-open');
		expect(refusalOf(() => checkPollOpen(context, opens))).toBeUndefined();
		expect(refusalOf(() => checkPollOpen(context, closes - 1))).toBeUndefined();
		expect(refusalOf(() => checkPollOpen(context, closes))).toBe('poll-closed');
	});

	it('wants a frozen group, whatever the time', () => {
		const context = { election: timed, isFrozen: false, isClosed: false };
		expect(refusalOf(() => checkPollOpen(context, opens))).toBe('poll-not-open');
		expect(refusalOf(() => checkPollOpen(context, closes))).toBe('poll-closed');
	});

	it('knows a closing, whatever the time', () => {
		const context = { election: timed, isFrozen: true, isClosed: true };
		for (const time of [0, opens, closes]) expect(refusalOf(() => checkPollOpen(context, time))).toBe('poll-closed');
	});
});

describe('checkUnused', () => {
	it('refuses a nullifier that is there', () => {
		const used = new Map([[sampleNullifier(1), undefined]]);
		expect(refusalOf(() => checkUnused(used, sampleNullifier(1)))).toBe('duplicate-nullifier');
		expect(refusalOf(() => checkUnused(used, sampleNullifier(2)))).toBeUndefined();
	});
});

describe('checkMerkleRoot', () => {
	const ballots = [sampleBallot(1), sampleBallot(2)];
	const { header } = sampleChild(newState(), ballots).block;

	it('accepts these transactions in this order and no others', () => {
		const [first, second] = ballots as [Ballot, Ballot];
		expect(refusalOf(() => checkMerkleRoot(header, transactionsRoot([first, second])))).toBeUndefined();
		for (const others of [[second, first], [first], [first, second, second], []]) {
			expect(refusalOf(() => checkMerkleRoot(header, transactionsRoot(others)))).toBe('bad-merkle-root');
		}
	});
});

describe('checkParent', () => {
	const state = newState();
	const { header } = sampleChild(state, []).block;

	it('accepts the child of the tip only', () => {
		expect(refusalOf(() => checkParent(state, header))).toBeUndefined();
		expect(refusalOf(() => checkParent(state, { ...header, previousHash: 'ab'.repeat(32) as Hash }))).toBe(
			'unknown-parent'
		);
		expect(refusalOf(() => checkParent(state, { ...header, height: 2 }))).toBe('bad-height');
		expect(refusalOf(() => checkParent(state, { ...header, height: 0 }))).toBe('bad-height');
	});
});

describe('checkBallot', () => {
	it('applies every rule but the proof', () => {
		const state = newState(timed);
		const ballot = sampleBallot(1);
		expect(refusalOf(() => checkBallot(state, ballot, opens))).toBeUndefined();
		expect(refusalOf(() => checkBallot(state, ballot, opens - 1))).toBe('poll-not-open');
		expect(refusalOf(() => checkBallot(state, ballot, closes))).toBe('poll-closed');
		expect(refusalOf(() => checkBallot(state, sampleBallot(1, [9, 0]), opens))).toBe('unknown-option');
		expect(refusalOf(() => checkBallot(state, sampleBallot(1, [255, 255]), opens))).toBe('no-choice');
	});

	it('knows a counted nullifier under another choice and under a rewritten proof', () => {
		const state = newState();
		extend(state, [sampleBallot(1, [0, 0])]);
		const bytes = encodeTransaction(sampleBallot(1, [0, 0]));
		const changed = bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte));
		const malleated = decodeTransaction(changed) as Ballot;
		expect(transactionId(malleated)).not.toBe(transactionId(sampleBallot(1, [0, 0])));
		for (const ballot of [sampleBallot(1, [0, 0]), sampleBallot(1, [1, 1]), malleated]) {
			expect(refusalOf(() => checkBallot(state, ballot, 1_000))).toBe('duplicate-nullifier');
		}
	});
});
