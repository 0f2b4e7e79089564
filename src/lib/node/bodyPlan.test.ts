import { describe, expect, it } from 'vitest';
import { LedgerHarness, type MinedBlock } from '../../../tests/support/ledgerHarness';
import { HeaderTree, type ChainEntry } from '../chain/tree';
import { BodyIndex } from './bodyIndex';
import { BodyPlan } from './bodyPlan';
import type { BodyRequests } from './bodyRequests';
import { BODY_WINDOW } from './limits';
import type { PeerSession } from './peerSession';
import { SignedClosings } from './signedClosings';

const NOTHING_UNDER_WAY = () => false;

function setUp(length: number) {
	const harness = new LedgerHarness();
	const { genesis, mineChain } = bind(harness);
	const state = harness.replay(genesis);
	const tree = new HeaderTree(genesis.header, genesis.hash);
	const chain = mineChain(length).map(({ header, hash }) => tree.insert(header, hash));
	const core = { tree, tip: tree.genesis, bodies: new BodyIndex(tree.genesis), closings: new SignedClosings(), state };
	const sessions: PeerSession[] = [];
	const peer = (best: ChainEntry | undefined, shown?: ChainEntry) => {
		const claimed = best && { height: best.header.height, work: best.work, tip: best.hash };
		const session = { best: claimed, shown: shown?.hash } as unknown as PeerSession;
		sessions.push(session);
		return session;
	};
	return { tree, harness, chain, core, sessions, peer, plan: new BodyPlan(core, () => sessions, harness.clock) };
}

function bind(harness: LedgerHarness) {
	return {
		genesis: harness.genesis,
		mineChain: (length: number): MinedBlock[] => harness.mineChain(harness.genesis, length)
	};
}

/** Room for `room` more from everybody; nobody has failed. */
const requests = (room: number) => ({ roomToAsk: () => room, hasFailed: () => false }) as unknown as BodyRequests;

describe('BodyPlan', () => {
	it('aims at the best chain that a linked peer has shown, upwards, a window at a time', () => {
		const { chain, core, sessions, peer, plan } = setUp(BODY_WINDOW + 10);
		expect(plan.next(NOTHING_UNDER_WAY)).toEqual([]);
		expect(plan.view()).toBeUndefined();
		peer(chain[4]);
		expect(plan.next(NOTHING_UNDER_WAY)).toEqual(chain.slice(0, 5));
		peer(chain.at(-1));
		expect(plan.next(NOTHING_UNDER_WAY)).toEqual(chain.slice(0, BODY_WINDOW));
		expect(plan.next((hash) => hash === chain[0]?.hash)).toEqual(chain.slice(1, BODY_WINDOW));
		expect(plan.view()).toEqual({ state: 'blocks', done: 0, total: BODY_WINDOW + 10, ballots: 0 });
		core.tip = chain[2] as ChainEntry;
		expect(plan.view()).toMatchObject({ done: 3 });
		sessions.pop();
		core.tip = chain[5] as ChainEntry;
		expect(plan.next(NOTHING_UNDER_WAY)).toEqual([]);
		expect(plan.view()).toBeUndefined();
	});

	it('is not done before what is here is connected', () => {
		const { chain, core, peer, plan } = setUp(5);
		peer(chain[4]);
		plan.next(NOTHING_UNDER_WAY);
		for (const entry of chain) core.bodies.add(entry as ChainEntry);
		expect(plan.next(NOTHING_UNDER_WAY)).toEqual([]);
		core.tip = chain[1] as ChainEntry;
		expect(plan.view()).toMatchObject({ state: 'blocks', done: 2, total: 5 });
		core.tip = chain[4] as ChainEntry;
		expect(plan.view()).toBeUndefined();
	});

	it('looks for gaps below bodies that came early', () => {
		const { chain, core, peer, plan } = setUp(5);
		core.bodies.add(chain[2] as ChainEntry);
		peer(chain[4]);
		expect(plan.next(NOTHING_UNDER_WAY)).toEqual([chain[0], chain[1], chain[3], chain[4]]);
	});

	it('goes by the last header shown when the claimed tip is unknown', () => {
		const { chain, sessions, peer, plan } = setUp(3);
		peer(undefined, chain[1]);
		expect(plan.next(NOTHING_UNDER_WAY)).toEqual(chain.slice(0, 2));
		sessions.length = 0;
		expect(plan.next(NOTHING_UNDER_WAY)).toEqual([]);
	});

	it('asks again, after a reset, for bodies that were there and are gone', () => {
		const { chain, core, peer, plan } = setUp(3);
		peer(chain[2]);
		plan.next(NOTHING_UNDER_WAY);
		core.bodies.add(chain[0] as ChainEntry);
		expect(plan.next(NOTHING_UNDER_WAY)).toEqual(chain.slice(1));
		core.bodies.remove([chain[0] as ChainEntry]);
		plan.reset();
		expect(plan.next(NOTHING_UNDER_WAY)).toEqual(chain);
	});

	it('shares bodies out evenly, to those who have them, as far as they have room', () => {
		const { chain, peer, plan } = setUp(6);
		const [short, long] = [peer(chain[2]), peer(chain[5])];
		plan.next(NOTHING_UNDER_WAY);
		const shares = plan.share(chain, requests(2));
		expect(shares.get(short)?.length).toBe(2);
		expect(shares.get(long)?.length).toBe(2);
		expect([...shares.values()].flat()).toHaveLength(4);
		const all = plan.share(chain, requests(16));
		expect(new Set([...all.values()].flat())).toEqual(new Set(chain));
		for (const entry of chain.slice(3)) expect(all.get(long)).toContain(entry);
	});

	it('asks nobody for bodies of a branch that it does not have, whatever its work', () => {
		const { tree, harness, chain, peer, plan } = setUp(6);
		const other = harness.mineChain(chain[1]!, 3).map(({ header, hash }) => tree.insert(header, hash));
		const [liar, honest] = [peer(chain[5]), peer(other[2])];
		plan.next(NOTHING_UNDER_WAY);
		const shares = plan.share(chain, requests(3));
		expect(shares.get(honest)?.every((entry) => chain.indexOf(entry) < 2)).toBe(true);
		expect(shares.get(liar)?.length).toBe(3);
	});
});
