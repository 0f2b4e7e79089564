import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resultsOf } from './tally';
import {
	allProven,
	extend,
	newState,
	sampleBallot,
	sampleChild,
	sampleElection,
	type HashedBlock
} from './testing/samples';
import { refusalOf } from '../bytes/testing/refusalOf';
import { ABSTAIN, type Ballot } from './transaction';

/** Choices for the sample election; never nothing at all. */
const anyChoices = fc
	.tuple(fc.constantFrom(0, 1, 2, ABSTAIN), fc.constantFrom(0, 1, ABSTAIN))
	.filter((choices) => choices.some((choice) => choice !== ABSTAIN));

/** Ballots of different voters. */
const anyBallots = fc
	.array(anyChoices, { maxLength: 30 })
	.map((all) => all.map((choices, seed) => sampleBallot(seed, choices)));

/** The same ballots in another order, cut into blocks. */
function inBlocks(ballots: readonly Ballot[]): fc.Arbitrary<Ballot[][]> {
	return fc
		.tuple(
			fc.shuffledSubarray([...ballots], { minLength: ballots.length }),
			fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 8 })
		)
		.map(([order, sizes]) => {
			const rest = [...order];
			const blocks = sizes.map((size) => rest.splice(0, size));
			return [...blocks, rest];
		});
}

const anyBlocks = anyBallots.chain(inBlocks);

describe('any order of arrival', () => {
	it('gives the same tally', () => {
		const twoOrders = anyBallots.chain((ballots) =>
			fc.tuple(fc.constant(ballots), inBlocks(ballots), inBlocks(ballots))
		);
		fc.assert(
			fc.property(twoOrders, ([ballots, ...orders]) => {
				const [one, other] = orders.map((blocks) => {
					const state = newState();
					for (const block of blocks) extend(state, block);
					return resultsOf(state);
				});
				expect(one).toEqual(other);
				const counted = one?.contests.map(({ options }) => options.map(({ votes }) => votes));
				const expected = [0, 1].map((contest) =>
					[0, 1, 2].slice(0, 3 - contest).map((option) => ballots.filter((b) => b.choices[contest] === option).length)
				);
				expect(counted).toEqual(expected);
				expect(one?.ballots).toBe(ballots.length);
			})
		);
	});
});

describe('connect, then disconnect', () => {
	it('passes the same states backwards', () => {
		fc.assert(
			fc.property(anyBlocks, (blocks) => {
				const state = newState();
				const passed: [HashedBlock, string][] = [];
				for (const ballots of blocks) {
					const before = state.digest();
					passed.push([extend(state, ballots), before]);
				}
				for (const [{ block, hash }, before] of passed.reverse()) {
					state.disconnectBlock(block, hash);
					expect(state.digest()).toBe(before);
				}
				expect(state.digest()).toBe(newState().digest());
			})
		);
	});

	it('a reorg ends where the better branch alone would have ended', () => {
		fc.assert(
			fc.property(anyBlocks, anyBlocks, (losing, winning) => {
				const state = newState();
				const connected = losing.map((ballots) => extend(state, ballots));
				for (const { block, hash } of connected.reverse()) state.disconnectBlock(block, hash);
				const direct = newState();
				for (const ballots of winning) {
					extend(state, ballots);
					extend(direct, ballots);
				}
				expect(state.digest()).toBe(direct.digest());
			})
		);
	});
});

describe('a nullifier that is used', () => {
	it('is refused wherever it comes again, with any choice, and nothing changes', () => {
		const someBlocks = anyBlocks.filter((blocks) => blocks.flat().length > 0);
		fc.assert(
			fc.property(someBlocks, fc.nat(), fc.nat(), anyChoices, (blocks, pick, place, choices) => {
				const state = newState();
				for (const ballots of blocks) extend(state, ballots);
				const before = state.digest();
				const used = blocks.flat();
				const again = { ...(used[pick % used.length] as Ballot), choices };
				const fresh = [sampleBallot(1_000), sampleBallot(1_001)];
				const mixed = fresh.toSpliced(place % 3, 0, again);
				const child = sampleChild(state, mixed);
				expect(refusalOf(() => state.connectBlock(child.block, child.hash, allProven))).toBe('duplicate-nullifier');
				expect(state.digest()).toBe(before);
			})
		);
	});

	it('is refused twice in one block, wherever the two stand', () => {
		fc.assert(
			fc.property(anyBallots, fc.nat(), fc.nat(), anyChoices, (ballots, pick, place, choices) => {
				fc.pre(ballots.length > 0);
				const state = newState();
				const again = { ...(ballots[pick % ballots.length] as Ballot), choices };
				const child = sampleChild(state, ballots.toSpliced(place % (ballots.length + 1), 0, again));
				expect(refusalOf(() => state.connectBlock(child.block, child.hash, allProven))).toBe('duplicate-nullifier');
				expect(state.digest()).toBe(newState().digest());
			})
		);
	});
});

describe('a block with one ballot that is not proven', () => {
	it('changes nothing, wherever that ballot stands', () => {
		fc.assert(
			fc.property(anyBallots, fc.nat(), (ballots, pick) => {
				fc.pre(ballots.length > 0);
				const state = newState();
				const child = sampleChild(state, ballots);
				let asked = 0;
				const evidence = { ...allProven, isProven: () => asked++ !== pick % ballots.length };
				expect(refusalOf(() => state.connectBlock(child.block, child.hash, evidence))).toBe('bad-proof');
				expect(state.digest()).toBe(newState().digest());
			})
		);
	});
});

describe('a large election', () => {
	it('counts 10,000 ballots and gives them back', () => {
		const state = newState(sampleElection());
		const empty = state.digest();
		const blocks: HashedBlock[] = [];
		for (let first = 0; first < 10_000; first += 800) {
			const size = Math.min(800, 10_000 - first);
			blocks.push(
				extend(
					state,
					Array.from({ length: size }, (_, i) => sampleBallot(first + i, [(first + i) % 3, 0]))
				)
			);
		}
		expect(resultsOf(state)).toMatchObject({
			ballots: 10_000,
			contests: [
				{ options: [{ votes: 3_334 }, { votes: 3_333 }, { votes: 3_333 }] },
				{ options: [{ votes: 10_000 }, {}] }
			]
		});
		for (const { block, hash } of blocks.reverse()) state.disconnectBlock(block, hash);
		expect(state.digest()).toBe(empty);
	});
});
