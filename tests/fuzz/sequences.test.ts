import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesToHex } from '../../src/lib/bytes/hex';
import { blockFromJson } from '../../src/lib/election/json';
import { CHECKED_BEFORE } from '../../src/lib/election/rules/evidence';
import { ElectionState } from '../../src/lib/election/state';
import { ERROR_CODES } from '../../src/lib/errors/pollenError';
import { BODY_TIMEOUT_MS, MAX_LINKS, MAX_STALLS } from '../../src/lib/node/limits';
import { agreement, linkedPeers } from '../support/cluster';
import { anyMutation } from './mutations';
import { runs } from './runs';
import { GOLDEN_FRAMES, LINKS, SAYINGS, Siege, type Step } from './siege';

/** Sequences that were a problem once, or that are likely to be one. Replayed before anything else. */
const CORPUS = JSON.parse(readFileSync(new URL('./corpus/sequences.json', import.meta.url), 'utf8')) as readonly {
	readonly why: string;
	readonly steps: readonly Step[];
}[];

const link = fc.nat({ max: LINKS - 1 });
const what = fc.constantFrom(...Object.keys(SAYINGS));

const anyStep: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 12, arbitrary: fc.record({ do: fc.constant('say' as const), link, what }) },
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constant('say' as const),
			link,
			what,
			damage: fc.array(anyMutation, { minLength: 1, maxLength: 2 })
		})
	},
	{
		weight: 1,
		arbitrary: fc.record({ do: fc.constant('golden' as const), link, index: fc.nat({ max: GOLDEN_FRAMES.length - 1 }) })
	},
	{
		weight: 1,
		arbitrary: fc.record({
			do: fc.constant('bytes' as const),
			link,
			hex: fc.uint8Array({ maxLength: 40 }).map(bytesToHex)
		})
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('begin' as const), link }) },
	{
		weight: 3,
		arbitrary: fc.record({
			do: fc.constant('answer' as const),
			link,
			how: fc.constantFrom('right' as const, 'wrong' as const, 'never' as const, 'not' as const)
		})
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('hang up' as const), link }) },
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constant('dial' as const),
			link,
			isNew: fc.boolean(),
			greets: fc.boolean()
		})
	},
	{
		weight: 2,
		arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(50, 2_000, 11_000, 35_000) })
	}
);

/** Three strangers who withhold, one after the other, hold a node up so long at most. */
const RECOVERY_MS = LINKS * (MAX_STALLS + 1) * BODY_TIMEOUT_MS;

/** What nothing caught. A promise that nobody awaits is noticed a turn later. */
const escaped: unknown[] = [];
const note = (error: unknown) => void escaped.push(error);

beforeEach(() => {
	escaped.length = 0;
	process.on('unhandledRejection', note).on('uncaughtException', note);
});
afterEach(() => {
	process.off('unhandledRejection', note).off('uncaughtException', note);
});

/** Lets strangers do their worst, and checks all that a node promises whatever they do. */
async function endure(steps: readonly Step[]): Promise<void> {
	const siege = await Siege.begin();
	const { cluster, node, neighbour, core, chain } = siege;
	const before = agreement(node);
	for (const step of steps) {
		await siege.take(step);
		expectBounded(siege, steps.length);
	}

	// Nothing came through that is not valid: on any of the tips that it can stand on, all it holds is explained.
	const after = agreement(node);
	expect(siege.tipsAfter(steps)).toContain(after.tip);
	expect(siege.pendingAfter(steps, before.pending)).toEqual(expect.arrayContaining(after.pending));
	if (after.tip === before.tip) expect(after.results).toEqual(before.results);
	expect((await node.node.verify()).valid).toBe(true);
	// Nothing accepted is lost: the counted ballot and the pending one are still one or the other.
	const [counted] = chain.flatMap(({ block }) => block.transactions);
	expect(counted?.kind).toBe('ballot');
	const pendingAndCounted = after.pending.length + after.results.ballots;
	expect(pendingAndCounted).toBeGreaterThanOrEqual(before.pending.length + before.results.ballots);

	// It still does what a node does: greets and answers a newcomer, and follows its honest neighbour.
	const newcomer = await cluster.raw();
	const greeted = await newcomer.link(node.id);
	greeted.send({ type: 'ping', id: 99 });
	await cluster.settle();
	if (!greeted.isClosed) expect(greeted.of('pong').map(({ id }) => id)).toContain(99);
	expect(greeted.of('hello').length > 0 || greeted.bye === 'too-many-peers').toBe(true);
	expect(linkedPeers(node)).toContain(neighbour.id);
	// Two branches may have the same work after one block. After two of the neighbour's, the second with a ballot, they do not.
	await cluster.mine(neighbour);
	await cluster.advance(RECOVERY_MS);
	await cluster.vote(neighbour, 5);
	expect(await cluster.mine(neighbour)).not.toBe(null);
	await cluster.advance(RECOVERY_MS);
	expect(agreement(node)).toEqual(agreement(neighbour));
	expect(core.state.digest()).toBe(await replayed(siege));

	for (const { bye } of siege.links) if (bye !== undefined) expect(ERROR_CODES).toContain(bye);
	await new Promise(setImmediate);
	expect(escaped).toEqual([]);
	await node.node.stop();
	await neighbour.node.stop();
}

/** What the node holds is bounded by what it accepted, not by what it was sent. */
function expectBounded({ core, node, chain, fork, flawed }: Siege, steps: number): void {
	// Headers that hold cost work: there are these, and one for each step that mines one of its own.
	expect(core.tree.size).toBeLessThanOrEqual(1 + chain.length + fork.length + flawed.length + steps);
	expect(core.mempool.all().length).toBeLessThanOrEqual(core.election.roll.length);
	expect(core.valid.size).toBeLessThanOrEqual(1 + chain.length + fork.length);
	const { peers } = node.node.snapshot();
	expect(peers.filter(({ state }) => state === 'linked').length).toBeLessThanOrEqual(MAX_LINKS);
	const stored = [...node.disk.elections.values()].map(({ blocks }) => blocks.size);
	for (const blocks of stored) expect(blocks).toBeLessThanOrEqual(chain.length + fork.length + flawed.length);
}

/** The state that the node's chain comes to when it is applied from the genesis on. */
async function replayed({ core, node }: Siege): Promise<string> {
	const state = new ElectionState(core.election, core.electionId);
	for (const json of (await node.node.blocks()).filter(({ height }) => height > 0)) {
		state.connectBlock(blockFromJson(json), json.hash as never, CHECKED_BEFORE);
	}
	return state.digest();
}

describe('p2p_invalid_messages, for every sequence of messages: a node endures', () => {
	it.each(CORPUS)('$why', ({ steps }) => endure(steps));

	it('each saying and each golden frame, by itself and twice', async () => {
		const sayings = Object.keys(SAYINGS).map((said): Step => ({ do: 'say', link: 0, what: said }));
		const golden = GOLDEN_FRAMES.map((_, index): Step => ({ do: 'golden', link: 0, index }));
		for (const step of [...sayings, ...golden]) {
			await endure([step, step]).catch((cause: unknown) => {
				throw new Error(JSON.stringify(step), { cause });
			});
		}
	});

	it('whatever up to three hostile links do', async () => {
		await fc.assert(fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 25 }), endure), runs(50));
	});
});
