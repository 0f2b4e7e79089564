import { describe, expect, it } from 'vitest';
import { agreement, Cluster, linkedPeers, type ClusterNode } from '../../../tests/support/cluster';
import type { MinedBlock } from '../../../tests/support/ledgerHarness';
import { claim, serve } from '../../../tests/support/serveChain';
import { encodeBlock } from '../election/block';
import { transactionToJson } from '../election/json';
import type { BlockHash } from '../bytes/hash';
import { sha256Hash } from '../bytes/sha256';
import { HEADER_LENGTH } from '../chain/header';
import type { SyncView } from './api';
import { BODIES_IN_FLIGHT, BODY_TIMEOUT_MS, EMBARGO_MS, HEADERS_TIMEOUT_MS, MAX_STALLS, PAUSE_MS } from './limits';
import { failWrites } from '../../../tests/support/ledgerHarness';

/** Every block hash that a node asked of anybody, in order. */
function askedBodies({ sent }: ClusterNode): BlockHash[] {
	return sent.of('getBlocks').flatMap(({ hashes }) => [...hashes]);
}

describe('catching up', () => {
	it('fetches 1,200 blocks headers first, bodies from two peers at once, and shows how far it is', async () => {
		const cluster = new Cluster();
		const ballots = await Promise.all([0, 1, 2, 3].map((voter) => cluster.ballot(voter)));
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 1_200, ballots);
		const disk = await cluster.diskWith(chain);
		const a = await cluster.start({ disk });
		const b = await cluster.start({ disk: await cluster.diskWith(chain) });
		const late = await cluster.start();

		const owed = new Map([a, b].map(({ id }) => [id, new Set<BlockHash>()]));
		let mostInFlight = 0;
		late.sent.onSent = ({ to, message }) => {
			if (message.type !== 'getBlocks') return;
			for (const hash of message.hashes) owed.get(to)?.add(hash);
			mostInFlight = Math.max(mostInFlight, owed.get(to)?.size ?? 0);
		};
		for (const { id, sent } of [a, b]) {
			sent.onSent = ({ message }) => {
				if (message.type !== 'block') return;
				owed.get(id)?.delete(sha256Hash(message.block.subarray(0, HEADER_LENGTH)));
			};
		}
		const views: SyncView[] = [];
		late.node.subscribe(() => views.push(late.node.snapshot().sync));

		const links = [late.node.link(a.id), late.node.link(b.id)];
		await cluster.done(Promise.all(links));

		expect(agreement(late)).toEqual(agreement(a));
		expect(late.node.snapshot()).toMatchObject({ height: 1_200, sync: { state: 'idle' } });
		expect(late.node.results()).toMatchObject({
			ballots: 4,
			contests: [{ options: [{ votes: 2 }, { votes: 1 }, { votes: 1 }] }]
		});
		expect(late.sent.of('getHeaders', a.id).length).toBeGreaterThanOrEqual(3);
		expect(askedBodies(late).length).toBe(1_200);
		expect(new Set(askedBodies(late)).size).toBe(1_200);
		for (const peer of [a, b]) {
			const asked = late.sent.of('getBlocks', peer.id).flatMap(({ hashes }) => hashes);
			expect(asked.length).toBeGreaterThan(300);
		}
		expect(mostInFlight).toBe(BODIES_IN_FLIGHT);

		expect(views.some(({ state }) => state === 'headers')).toBe(true);
		const progress = views.filter(({ state }) => state === 'blocks');
		expect(new Set(progress.map(({ done }) => done)).size).toBeGreaterThan(5);
		expect(progress.map(({ done }) => done)).toEqual(progress.map(({ done }) => done).toSorted((x, y) => x - y));
		expect(progress.at(-1)?.total).toBe(1_200);
		expect(progress.every(({ done, total }) => done <= total)).toBe(true);
	});

	it('does not fetch a chain with less or with equal work', async () => {
		const cluster = new Cluster();
		const { harness } = cluster;
		const a = await cluster.start({ disk: await cluster.diskWith(harness.mineChain(harness.genesis, 5)) });
		const b = await cluster.start({ disk: await cluster.diskWith(harness.mineChain(harness.genesis, 4)) });
		const c = await cluster.start({ disk: await cluster.diskWith(harness.mineChain(harness.genesis, 5)) });
		const [tipA, tipC] = [a.node.snapshot().tip, c.node.snapshot().tip];
		await cluster.link(a, b);
		await cluster.link(a, c);
		expect(askedBodies(a)).toEqual([]);
		expect(askedBodies(c)).toEqual([]);
		expect([a, c].map(({ node }) => node.snapshot().tip)).toEqual([tipA, tipC]);
		expect(b.node.snapshot().tip).toBe(tipA);
	});

	it('takes a tip that was mined between its hello and the link', async () => {
		const cluster = new Cluster({ faults: { minDelayMs: 50, maxDelayMs: 50 } });
		const { harness } = cluster;
		const b = await cluster.start();
		await cluster.advance(200);
		const a = await cluster.start();
		await cluster.advance(200);
		const linking = b.node.link(a.id);
		// The hello of `a` is on its way; that of `b` is not here yet.
		while (a.sent.of('hello').length === 0) await cluster.advance(10);
		await cluster.done(a.node.addBlock(jsonOf(harness.mine())));
		expect(a.node.snapshot().height).toBe(1);
		await cluster.advance(2_000);
		await linking;
		expect(b.node.snapshot().tip).toBe(a.node.snapshot().tip);
	});

	it('learns of a block that does not connect, and fetches what lies between', async () => {
		const cluster = new Cluster();
		const [a] = await cluster.startLine(1);
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 3);
		const raw = await cluster.raw();
		const link = await raw.link(a!.id);
		serve(link, chain);
		link.send({ type: 'headers', headers: [chain[2]!.header] });
		await cluster.settle();
		expect(a!.sent.of('getHeaders', raw.id)).toHaveLength(1);
		expect(a!.node.snapshot().tip).toBe(chain[2]!.hash);
	});
});

describe('forks', () => {
	it('ends on the same tip with all ballots, those of the losing branch mined again', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const b = await cluster.start();
		await cluster.vote(a, 0);
		await cluster.mine(a);
		await cluster.vote(b, 1);
		await cluster.mine(b);
		await cluster.vote(b, 2);
		await cluster.mine(b);
		await cluster.link(a, b);

		expect(a.node.snapshot().tip).toBe(b.node.snapshot().tip);
		expect(a.node.snapshot().height).toBe(2);
		// The ballot of the losing branch waits again, on both nodes.
		expect(a.node.pending()).toHaveLength(1);
		expect(b.node.pending()).toEqual(a.node.pending());
		await cluster.mine(b);
		expect(agreement(a)).toEqual(agreement(b));
		expect(a.node.results()).toMatchObject({
			ballots: 3,
			contests: [{ options: [{ votes: 1 }, { votes: 1 }, { votes: 1 }] }]
		});
		expect(await a.node.verify()).toEqual({ valid: true, blocks: 4, ballots: 3, problems: [] });
		expect(a.node.pending()).toEqual([]);
	});

	it('resolves a fork that lies deeper than one message of headers', async () => {
		const cluster = new Cluster();
		const { harness } = cluster;
		const trunk = harness.mineChain(harness.genesis, 20);
		const fork = trunk.at(-1)!;
		const [one, two] = [await cluster.ballot(1), await cluster.ballot(2)];
		const short = [...trunk, ...harness.mineChain(fork, 600, [one])];
		const long = [...trunk, ...harness.mineChain(fork, 700, [two])];
		const a = await cluster.start({ disk: await cluster.diskWith(short) });
		const b = await cluster.start({ disk: await cluster.diskWith(long) });
		await cluster.link(a, b);
		expect(a.node.snapshot().tip).toBe(long.at(-1)!.hash);
		expect(a.node.pending()).toMatchObject([{ nullifier: one.nullifier }]);
		expect(askedBodies(a)).toHaveLength(700);
		await cluster.mine(a);
		expect(agreement(a)).toEqual(agreement(b));
		expect(b.node.results().ballots).toBe(2);
	});

	it('ends a tie, where both would keep what they had first', async () => {
		const cluster = new Cluster();
		const [a, b] = [await cluster.start({ mining: true }), await cluster.start({ mining: true })];
		await cluster.vote(a, 0, [0]);
		await cluster.vote(b, 1, [1]);
		// Six blocks each, and both at rest.
		expect(a.node.snapshot()).toMatchObject({ height: 6, work: b.node.snapshot().work, mining: { active: false } });
		expect(a.node.snapshot().tip).not.toBe(b.node.snapshot().tip);
		// Miners that never need any time would tie again and again.
		b.miner.isHeld = true;
		await cluster.link(a, b);
		expect(agreement(a)).toEqual(agreement(b));
		expect(a.node.results()).toMatchObject({
			ballots: 2,
			contests: [{ options: [{ votes: 1 }, { votes: 1 }, { votes: 0 }] }]
		});
		expect([a, b].map(({ node }) => node.snapshot().mining.active)).toEqual([false, false]);
	});

	it('leaves a tie alone where nobody mines, and fetches no bodies for it', async () => {
		const cluster = new Cluster();
		const [a, b] = [await cluster.start(), await cluster.start()];
		await cluster.vote(a, 0);
		await cluster.mine(a);
		await cluster.vote(b, 1);
		const { harness } = cluster;
		const rival = harness.mine(harness.genesis, [], { timestamp: cluster.now });
		await cluster.done(b.node.addBlock(jsonOf(rival)));
		expect(a.node.snapshot().work).toBe(b.node.snapshot().work);
		const before = [a, b].map(({ node }) => node.snapshot().tip);
		await cluster.link(a, b);
		await cluster.advance(120_000);
		expect([a, b].map(({ node }) => node.snapshot().tip)).toEqual(before);
		expect([...askedBodies(a), ...askedBodies(b)]).toEqual([]);
		// One more block, and it is over.
		await cluster.mine(b);
		expect(agreement(a)).toEqual(agreement(b));
	});

	it('agrees after a partition heals', async () => {
		const cluster = new Cluster();
		const line = await cluster.startLine(4);
		const [a, b, c, d] = line as [ClusterNode, ClusterNode, ClusterNode, ClusterNode];
		cluster.hub.partition([a.id, b.id]);
		for (const [index, node] of [a, d, c].entries()) {
			await cluster.vote(node, index);
			// Each has three links, of which some are silent: what is cast may wait for the end of its embargo.
			await cluster.advance(EMBARGO_MS[1]);
			await cluster.mine(node);
		}
		expect(new Set(line.map(({ node }) => node.snapshot().tip)).size).toBe(2);
		await cluster.advance(60_000);
		cluster.hub.heal();
		await cluster.advance(60_000);
		await cluster.mine(b);
		for (const node of line) expect(agreement(node)).toEqual(agreement(a));
		expect(a.node.results().ballots).toBe(3);
	});

	it('heals within 10 s of the first link after a partition of minutes, with blocks and ballots on both sides', async () => {
		const cluster = new Cluster({ faults: { minDelayMs: 20, maxDelayMs: 200 } });
		const nodes: ClusterNode[] = [];
		for (let index = 0; index < 4; index++) {
			const node = await cluster.start();
			await cluster.advance(1_000);
			for (const other of nodes) {
				const linking = node.node.link(other.id);
				await cluster.advance(1_000);
				await linking;
			}
			nodes.push(node);
		}
		const [a, b, c, d] = nodes as [ClusterNode, ClusterNode, ClusterNode, ClusterNode];
		const act = async (promise: Promise<unknown>) => {
			await cluster.advance(1_000);
			await promise;
		};
		cluster.hub.partition([a.id, b.id]);
		for (let round = 0; round < 5; round++) {
			await act(a.node.vote({ ...cluster.voter(round), choices: [round % 3] }));
			await act(c.node.vote({ ...cluster.voter(6 + round), choices: [round % 3] }));
			await act(b.node.mine());
			await act(d.node.mine());
			await cluster.advance(40_000);
		}
		// One side comes to have more work.
		await act(d.node.vote({ ...cluster.voter(11), choices: [0] }));
		await act(c.node.mine());
		const tips = () => new Set(nodes.map(({ node }) => node.snapshot().tip)).size;
		expect(tips()).toBe(2);
		cluster.hub.heal();
		const isJoined = () => [a, b].some((node) => linkedPeers(node).some((peer) => peer === c.id || peer === d.id));
		for (let waited = 0; waited < 600_000 && !isJoined(); waited += 100) await cluster.advance(100);
		expect(isJoined()).toBe(true);
		await cluster.advance(10_000);
		expect(tips()).toBe(1);
		expect(a.node.results().ballots + a.node.pending().length).toBe(11);
		for (const node of nodes) expect(agreement(node)).toEqual(agreement(a));
	});
});

describe('peers that do not deliver', () => {
	it('drops one that claims work and does not answer, and follows an honest one', async () => {
		const cluster = new Cluster();
		const node = await cluster.start();
		const liar = await (
			await cluster.raw()
		).link(node.id, { height: 9_999, work: 10n ** 30n, tip: 'ab'.repeat(32) as BlockHash });
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 30);
		const honest = await cluster.start({ disk: await cluster.diskWith(chain) });
		await cluster.link(node, honest);
		expect(node.node.snapshot().height).toBe(30);
		await cluster.advance(HEADERS_TIMEOUT_MS * MAX_STALLS - 1);
		expect(liar.bye).toBeUndefined();
		await cluster.advance(1);
		expect(liar.bye).toBe('peer-timeout');
		expect(linkedPeers(node)).toEqual([honest.id]);
	});

	it('is not put off by an announcement that crosses its request', async () => {
		const cluster = new Cluster();
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 4);
		const node = await cluster.start();
		const raw = await cluster.raw();
		const link = await raw.link(node.id, claim(chain));
		expect(link.of('getHeaders')).toHaveLength(1);
		link.send({ type: 'headers', headers: [chain[3]!.header] });
		await cluster.settle();
		expect(link.of('getHeaders')).toHaveLength(1);
		// The request still stands, and so does its time limit.
		await cluster.advance(HEADERS_TIMEOUT_MS * MAX_STALLS);
		expect(link.bye).toBe('peer-timeout');
	});

	it('drops one whose headers do not lead to what it claims', async () => {
		const cluster = new Cluster();
		const node = await cluster.start();
		const raw = await cluster.raw();
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 3);
		const liar = await raw.dial(node.id);
		serve(liar, chain);
		liar.send(raw.hello({ height: 9_999, work: 10n ** 30n, tip: 'ab'.repeat(32) as BlockHash }));
		await cluster.settle();
		expect(liar.bye).toBe('peer-timeout');
		expect(node.sent.of('getHeaders').length).toBeLessThan(10);
		// What it did have is good, and was taken before.
		expect(node.node.snapshot().height).toBe(3);
	});

	it('does not go round in circles with headers that lead nowhere', async () => {
		const cluster = new Cluster();
		const node = await cluster.start();
		const raw = await cluster.raw();
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 500);
		const link = await raw.dial(node.id);
		link.onMessage = ({ type }) => {
			if (type === 'getHeaders') link.send({ type: 'headers', headers: chain.map(({ header }) => header) });
		};
		link.send(raw.hello({ ...claim(chain), work: 10n ** 30n, tip: 'cd'.repeat(32) as BlockHash }));
		await cluster.settle();
		expect(link.bye).toBe('peer-timeout');
		expect(node.sent.of('getHeaders').length).toBeLessThan(10);
	});

	it('asks another for bodies that one withholds', async () => {
		const cluster = new Cluster();
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 40);
		const node = await cluster.start();
		const raw = await cluster.raw();
		const miser = await raw.dial(node.id);
		serve(miser, chain, () => true);
		miser.send(raw.hello(claim(chain)));
		await cluster.settle();
		expect(node.sent.of('getBlocks', raw.id)).toHaveLength(1);
		const honest = await cluster.start({ disk: await cluster.diskWith(chain) });
		await cluster.link(node, honest);
		expect(node.node.snapshot().height).toBe(0);
		await cluster.advance(BODY_TIMEOUT_MS);
		expect(node.node.snapshot().height).toBe(40);
		// One round of silence is forgiven: the peer may only be slow.
		expect(miser.bye).toBeUndefined();
	});

	it('asks a lone peer again for what it did not deliver, and drops it in the end', async () => {
		const cluster = new Cluster();
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 4);
		const node = await cluster.start();
		const raw = await cluster.raw();
		const link = await raw.dial(node.id);
		let isSilent = true;
		serve(link, chain, (hash) => isSilent && hash === chain[1]!.hash);
		link.send(raw.hello(claim(chain)));
		await cluster.advance(BODY_TIMEOUT_MS);
		expect(node.node.snapshot().height).toBe(1);
		isSilent = false;
		await cluster.advance(BODY_TIMEOUT_MS);
		expect(node.node.snapshot().height).toBe(4);

		isSilent = true;
		const more = [...chain, ...cluster.harness.mineChain(chain[3]!, 2)];
		serve(link, more, () => true);
		link.send({ type: 'headers', headers: more.slice(4).map(({ header }) => header) });
		await cluster.advance(2 * BODY_TIMEOUT_MS * MAX_STALLS);
		expect(link.bye).toBe('peer-timeout');
		expect(node.node.snapshot().height).toBe(4);
	});

	it('p2p_timeouts: takes a body that comes late, and punishes nobody for it', async () => {
		const cluster = new Cluster();
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 2);
		const node = await cluster.start();
		const raw = await cluster.raw();
		const link = await raw.dial(node.id);
		serve(link, chain, () => true);
		link.send(raw.hello(claim(chain)));
		await cluster.advance(BODY_TIMEOUT_MS + 1);
		// Nobody is being asked at this moment.
		expect(node.sent.of('getBlocks')).toHaveLength(1);
		for (const { block } of chain) link.send({ type: 'block', block: encodeBlock(block) });
		await cluster.settle();
		expect(node.node.snapshot().tip).toBe(chain[1]!.hash);
		expect(link.isClosed).toBe(false);
	});

	it('p2p_unrequested_blocks: does not look at a block that it never asked for', async () => {
		const cluster = new Cluster();
		const node = await cluster.start();
		const link = await (await cluster.raw()).link(node.id);
		const { header, block, hash } = cluster.harness.mine();
		link.send({ type: 'block', block: encodeBlock(block) });
		await cluster.settle();
		expect(node.node.snapshot().height).toBe(0);
		expect(link.isClosed).toBe(false);
		// Offered properly, it is taken.
		link.onMessage = ({ type }) => {
			if (type === 'getBlocks') link.send({ type: 'block', block: encodeBlock(block) });
		};
		link.send({ type: 'headers', headers: [header] });
		await cluster.settle();
		expect(node.node.snapshot().tip).toBe(hash);
	});

	it('forgets delays once the peer delivers again', async () => {
		const cluster = new Cluster();
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 8);
		const node = await cluster.start();
		const raw = await cluster.raw();
		const link = await raw.dial(node.id);
		let isSilent = true;
		serve(link, chain, () => isSilent);
		link.send(raw.hello(claim(chain.slice(0, 4))));
		await cluster.advance(3 * BODY_TIMEOUT_MS);
		expect(node.node.snapshot().height).toBe(0);
		isSilent = false;
		await cluster.advance(BODY_TIMEOUT_MS);
		expect(node.node.snapshot().height).toBe(8);

		isSilent = true;
		const more = [...chain, cluster.harness.mine(chain[7])];
		serve(link, more, () => isSilent);
		link.send({ type: 'headers', headers: [more[8]!.header] });
		await cluster.advance(3 * BODY_TIMEOUT_MS);
		expect(link.isClosed).toBe(false);
		isSilent = false;
		await cluster.advance(BODY_TIMEOUT_MS);
		expect(node.node.snapshot().height).toBe(9);
	});

	it('turns to another when a peer does not have a body', async () => {
		const cluster = new Cluster();
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 2);
		const node = await cluster.start();
		const [one, two] = [await cluster.raw(), await cluster.raw()];
		const [lacking, having] = [await one.dial(node.id), await two.dial(node.id)];
		serve(lacking, chain);
		const { onMessage } = lacking;
		lacking.onMessage = (message) => {
			if (message.type === 'getBlocks') lacking.send({ type: 'notFound', hashes: message.hashes });
			else onMessage?.(message);
		};
		serve(having, chain);
		lacking.send(one.hello(claim(chain)));
		await cluster.settle();
		having.send(two.hello(claim(chain)));
		await cluster.settle();
		expect(node.node.snapshot().height).toBe(2);
		expect(lacking.isClosed).toBe(false);
	});

	it('follows a worse chain when nobody is left who has the bodies of the best', async () => {
		const cluster = new Cluster();
		const { harness } = cluster;
		const best = harness.mineChain(harness.genesis, 9);
		const worse = harness.mineChain(harness.genesis, 6);
		const node = await cluster.start();
		const raw = await cluster.raw();
		const link = await raw.dial(node.id);
		serve(link, best, () => true);
		link.send(raw.hello(claim(best)));
		await cluster.settle();
		const honest = await cluster.start({ disk: await cluster.diskWith(worse) });
		await cluster.link(node, honest);
		cluster.hub.dropLinks(raw.id, node.id);
		await cluster.settle();
		expect(node.node.snapshot().tip).toBe(worse.at(-1)!.hash);
	});

	it('does not take a slow peer for one that withholds', async () => {
		const cluster = new Cluster();
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 16);
		const node = await cluster.start();
		const raw = await cluster.raw();
		const link = await raw.dial(node.id);
		serve(link, chain, () => true);
		link.send(raw.hello(claim(chain)));
		await cluster.settle();
		for (const { block } of chain) {
			await cluster.advance(BODY_TIMEOUT_MS - 1_000);
			link.send({ type: 'block', block: encodeBlock(block) });
			await cluster.settle();
		}
		expect(node.node.snapshot().height).toBe(16);
		expect(node.sent.of('getBlocks')).toHaveLength(1);
		expect(link.isClosed).toBe(false);
	});
});

describe('what is not yet, or cannot be taken', () => {
	it('takes a header from the future when it is due, and does not punish it', async () => {
		const cluster = new Cluster();
		const { harness } = cluster;
		const first = harness.mine();
		const early = harness.mine(first, [], { timestamp: cluster.now + 90_000 });
		const node = await cluster.start();
		const raw = await cluster.raw();
		const link = await raw.dial(node.id);
		serve(link, [first, early]);
		link.send(raw.hello(claim([first, early])));
		await cluster.advance(29_999);
		expect(node.node.snapshot().height).toBe(1);
		await cluster.advance(1);
		expect(node.node.snapshot().tip).toBe(early.hash);
		expect(link.isClosed).toBe(false);
	});

	it('pauses when it cannot store blocks, says so, and goes on when it can', async () => {
		const cluster = new Cluster();
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 200);
		const honest = await cluster.start({ disk: await cluster.diskWith(chain) });
		const node = await cluster.start();
		const repair = failWrites(node.disk, 'QuotaExceededError', 40);
		await cluster.link(node, honest);
		await cluster.settle();
		expect(node.node.snapshot().storageError).toBe('storage-full');
		expect(linkedPeers(node)).toEqual([honest.id]);
		const before = askedBodies(node).length;
		await cluster.advance(PAUSE_MS - 1);
		expect(askedBodies(node).length).toBe(before);
		repair();
		await cluster.advance(1);
		expect(node.node.snapshot()).toMatchObject({ height: 200, storageError: undefined });
	});

	it('asks again for blocks that were being judged when the disk was full', async () => {
		const cluster = new Cluster();
		const ballots = await Promise.all(cluster.voters.map((_, voter) => cluster.ballot(voter)));
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 12, ballots);
		const honest = await cluster.start({ disk: await cluster.diskWith(chain) });
		// While proofs are verified, further blocks arrive: by then the first seem to be here.
		const slowly = () => new Promise<void>((resolve) => void cluster.turns.after(0, resolve));
		const node = await cluster.start({
			proofs: (fake) => ({ ...fake, verify: (statements) => slowly().then(() => fake.verify(statements)) })
		});
		const repair = failWrites(node.disk);
		await cluster.link(node, honest);
		expect(node.node.snapshot()).toMatchObject({ height: 0, storageError: 'storage-full' });
		repair();
		await cluster.advance(PAUSE_MS);
		expect(agreement(node)).toEqual(agreement(honest));
	});

	it('resync asks every peer, and resolves when all is there', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		const before = a.sent.of('getHeaders', b.id).length;
		await cluster.done(a.node.resync());
		expect(a.sent.of('getHeaders', b.id).length).toBe(before + 1);
		expect(a.sent.of('getTransactions', b.id).some(({ ids }) => ids.length === 0)).toBe(true);
	});
});

function jsonOf({ block, hash }: MinedBlock) {
	const { header, transactions } = block;
	return {
		...header,
		hash,
		nonce: header.nonce.toString(),
		target: header.target.toString(16).padStart(64, '0'),
		transactions: [...transactions]
	};
}

it('asks for several bodies in one message while others are under way, and for a single one when nothing is', async () => {
	const cluster = new Cluster();
	const chain = cluster.harness.mineChain(cluster.harness.genesis, 300);
	const a = await cluster.start({ disk: await cluster.diskWith(chain) });
	const late = await cluster.start();
	await cluster.done(late.node.link(a.id));
	expect(agreement(late)).toEqual(agreement(a));
	expect(askedBodies(late)).toHaveLength(300);
	expect(late.sent.of('getBlocks').length).toBeLessThan(100);
	await a.node.submit(transactionToJson(await cluster.ballot(0)));
	await cluster.mine(a);
	expect(agreement(late)).toEqual(agreement(a));
	expect(late.sent.of('getBlocks').at(-1)?.hashes).toHaveLength(1);
});
