import { describe, expect, it } from 'vitest';
import type { BlockHash } from '../bytes/hash';
import {
	sampleBallot,
	sampleChild,
	sampleElection,
	extend,
	newState,
	allProven,
	type HashedBlock
} from './testing/samples';
import { refusalOf } from '../bytes/testing/refusalOf';
import type { Evidence } from './rules/evidence';
import type { ElectionState } from './state';
import { encodeTransaction, transactionId, type Ballot } from './transaction';
import { decodeBlock, encodeBlock } from './block';

function votesOf(state: ElectionState): number[][] {
	return state.votes.map((options) => [...options]);
}

/** Verdicts about proofs; the rest holds. */
function proven(isProven: Evidence['isProven']): Evidence {
	return { ...allProven, isProven };
}

/** Offers a block that must be refused with this code, and checks that nothing changed. */
function expectRefused(state: ElectionState, { block, hash }: HashedBlock, code: string, evidence = allProven): void {
	const before = state.digest();
	expect(refusalOf(() => state.connectBlock(block, hash, evidence))).toBe(code);
	expect(state.digest()).toBe(before);
}

describe('a new state', () => {
	it('stands at the genesis', () => {
		const state = newState();
		expect(state.tip).toBe(state.electionId);
		expect(state.height).toBe(0);
		expect(state.ballots.size).toBe(0);
		expect(votesOf(state)).toEqual([
			[0, 0, 0],
			[0, 0]
		]);
	});
});

describe('connectBlock', () => {
	it('counts the ballots of a block', () => {
		const state = newState();
		const { hash, block } = extend(state, [sampleBallot(1, [2, 1]), sampleBallot(2, [0, 255])]);
		expect(state.tip).toBe(hash);
		expect(state.height).toBe(1);
		expect(votesOf(state)).toEqual([
			[1, 0, 1],
			[0, 1]
		]);
		expect([...state.ballots.values()]).toEqual([
			{
				nullifier: sampleBallot(1).nullifier,
				choices: [2, 1],
				transactionId: transactionId(sampleBallot(1, [2, 1])),
				height: 1,
				blockHash: hash,
				timestamp: block.header.timestamp
			},
			{
				nullifier: sampleBallot(2).nullifier,
				choices: [0, 255],
				transactionId: transactionId(sampleBallot(2, [0, 255])),
				height: 1,
				blockHash: hash,
				timestamp: block.header.timestamp
			}
		]);
	});

	it('takes an empty block', () => {
		const state = newState();
		extend(state, []);
		expect(state.height).toBe(1);
		expect(state.ballots.size).toBe(0);
	});

	it('asks for the verdict about each transaction by its ID', () => {
		const state = newState();
		const asked: string[] = [];
		const child = sampleChild(state, [sampleBallot(1), sampleBallot(2)]);
		state.connectBlock(
			child.block,
			child.hash,
			proven((id) => asked.push(id) > 0)
		);
		expect(asked).toEqual([transactionId(sampleBallot(1)), transactionId(sampleBallot(2))]);
	});

	it('does not follow later changes of what it was given', () => {
		const state = newState();
		const choices = [0, 0];
		const child = extend(state, [sampleBallot(1, choices)]);
		choices[0] = 2;
		expect(state.ballots.get(sampleBallot(1).nullifier)?.choices).toEqual([0, 0]);
		choices[0] = 0;
		state.disconnectBlock(child.block, child.hash);
		expect(state.digest()).toBe(newState().digest());
	});
});

describe('a block is refused, and changes nothing,', () => {
	const good = [sampleBallot(10, [0, 1]), sampleBallot(11, [1, 0])];

	function started(): ElectionState {
		const state = newState();
		extend(state, [sampleBallot(1), sampleBallot(2)]);
		return state;
	}

	it('with a nullifier twice', () => {
		const state = started();
		expectRefused(state, sampleChild(state, [...good, sampleBallot(10, [2, 0])]), 'duplicate-nullifier');
	});

	it('with the same ballot twice', () => {
		const state = started();
		expectRefused(state, sampleChild(state, [good[0] as Ballot, good[0] as Ballot]), 'duplicate-nullifier');
	});

	it('with a nullifier of an earlier block', () => {
		const state = started();
		extend(state, []);
		expectRefused(state, sampleChild(state, [...good, sampleBallot(2, [1, 1])]), 'duplicate-nullifier');
	});

	it('with a bad proof at its end', () => {
		const state = started();
		const bad = transactionId(good[1] as Ballot);
		expectRefused(
			state,
			sampleChild(state, good),
			'bad-proof',
			proven((id) => id !== bad)
		);
	});

	it('with an unknown option', () => {
		const state = started();
		expectRefused(state, sampleChild(state, [...good, sampleBallot(12, [3, 0])]), 'unknown-option');
	});

	it('with a contest too few', () => {
		const state = started();
		expectRefused(state, sampleChild(state, [...good, sampleBallot(12, [0])]), 'unknown-option');
	});

	it('with a ballot that chooses nothing', () => {
		const state = started();
		expectRefused(state, sampleChild(state, [...good, sampleBallot(12, [255, 255])]), 'no-choice');
	});

	it('with another Merkle root', () => {
		const state = started();
		const { merkleRoot } = sampleChild(state, [...good].reverse()).block.header;
		expectRefused(state, sampleChild(state, good, { merkleRoot }), 'bad-merkle-root');
	});

	it('with a transaction that has no encoding', () => {
		const state = started();
		const child = sampleChild(state, good);
		const broken = { ...(good[0] as Ballot), proof: new Uint8Array(255) };
		expectRefused(state, { ...child, block: { ...child.block, transactions: [broken] } }, 'bad-encoding');
	});

	it('on another parent', () => {
		const state = started();
		expectRefused(state, sampleChild(state, good, { previousHash: state.electionId }), 'unknown-parent');
	});

	it('at another height', () => {
		const state = started();
		expectRefused(state, sampleChild(state, good, { height: 3 }), 'bad-height');
	});

	it('when it is the tip itself', () => {
		const state = newState();
		const child = extend(state, good);
		expectRefused(state, child, 'unknown-parent');
	});

	it('when it is too large', () => {
		const state = started();
		const many = Array.from({ length: 898 }, (_, i) => sampleBallot(100 + i));
		expectRefused(state, sampleChild(state, many), 'oversized');
	});

	it('with ballots before the poll opens or after it closes, by its own timestamp', () => {
		const election = sampleElection({ opensAt: '1970-01-01T00:00:10.000Z', closesAt: '1970-01-01T00:00:20.000Z' });
		const state = newState(election);
		expectRefused(state, sampleChild(state, good, { timestamp: 9_999 }), 'poll-not-open');
		expectRefused(state, sampleChild(state, good, { timestamp: 20_000 }), 'poll-closed');
		const empty = sampleChild(state, [], { timestamp: 9_999 });
		state.connectBlock(empty.block, empty.hash, allProven);
		const open = sampleChild(state, good, { timestamp: 10_000 });
		state.connectBlock(open.block, open.hash, allProven);
		expect(state.ballots.size).toBe(2);
	});

	it('when the verifier breaks half-way', () => {
		const state = started();
		const before = state.digest();
		const child = sampleChild(state, good);
		let asked = 0;
		const breaks = proven(() => {
			if (++asked === 2) throw new RangeError('broken');
			return true;
		});
		expect(() => state.connectBlock(child.block, child.hash, breaks)).toThrow(RangeError);
		expect(state.digest()).toBe(before);
	});

	it('whatever byte of one of its ballots changes, though the header owns up to it', () => {
		const ballot = sampleBallot(1, [1, 1]);
		const state = newState();
		const id = transactionId(ballot);
		const bytes = encodeBlock(sampleChild(state, [ballot]).block);
		const start = bytes.length - encodeTransaction(ballot).length;
		for (let position = start; position < bytes.length; position++) {
			const changed = bytes.map((byte, index) => (index === position ? byte ^ 2 : byte));
			const offer = () => {
				const child = sampleChild(state, decodeBlock(changed).transactions);
				state.connectBlock(
					child.block,
					child.hash,
					proven((asked) => asked === id)
				);
			};
			expect(['bad-encoding', 'unknown-option', 'bad-proof']).toContain(refusalOf(offer));
		}
		expect(state.digest()).toBe(newState().digest());
	});
});

describe('disconnectBlock', () => {
	it('undoes the last block exactly', () => {
		const state = newState();
		extend(state, [sampleBallot(1, [0, 0])]);
		const before = state.digest();
		const json = JSON.stringify(state);
		const child = extend(state, [sampleBallot(2, [1, 1]), sampleBallot(3, [255, 0])]);
		expect(state.digest()).not.toBe(before);
		state.disconnectBlock(child.block, child.hash);
		expect(state.digest()).toBe(before);
		expect(JSON.stringify(state)).toBe(json);
	});

	it('lets the ballots of the block count again elsewhere', () => {
		const state = newState();
		const child = extend(state, [sampleBallot(1, [1, 0])]);
		state.disconnectBlock(child.block, child.hash);
		extend(state, []);
		extend(state, [sampleBallot(1, [1, 0])]);
		expect(state.ballots.get(sampleBallot(1).nullifier)?.height).toBe(2);
	});

	it('refuses any block but the tip, and changes nothing', () => {
		const state = newState();
		const first = extend(state, [sampleBallot(1)]);
		const second = extend(state, [sampleBallot(2)]);
		const before = state.digest();
		const refusals: [HashedBlock, string][] = [
			[first, 'unknown-parent'],
			[{ ...second, hash: 'ab'.repeat(32) as BlockHash }, 'unknown-parent'],
			[{ ...first, hash: second.hash }, 'bad-height'],
			[{ ...second, block: { ...second.block, transactions: [] } }, 'bad-merkle-root'],
			[{ ...sampleChild({ tip: first.hash, height: 1 }, [sampleBallot(1)]), hash: second.hash }, 'bad-merkle-root'],
			[{ ...sampleChild({ tip: first.hash, height: 1 }, [sampleBallot(9)]), hash: second.hash }, 'bad-merkle-root']
		];
		for (const [{ block, hash }, code] of refusals) {
			expect(refusalOf(() => state.disconnectBlock(block, hash))).toBe(code);
			expect(state.digest()).toBe(before);
		}
	});

	it('never goes below the genesis', () => {
		const state = newState();
		const child = sampleChild(state, []);
		expect(refusalOf(() => state.disconnectBlock(child.block, state.tip))).toBe('unknown-parent');
		expect(state.height).toBe(0);
	});
});

describe('digest', () => {
	it('tells the order of ballots, their choices and the tip apart', () => {
		const digests = [
			[sampleBallot(1, [0, 0]), sampleBallot(2, [1, 1])],
			[sampleBallot(2, [1, 1]), sampleBallot(1, [0, 0])],
			[sampleBallot(1, [0, 0]), sampleBallot(2, [1, 0])],
			[]
		].map((ballots) => {
			const state = newState();
			extend(state, ballots);
			return state.digest();
		});
		expect(new Set(digests).size).toBe(4);
	});
});
