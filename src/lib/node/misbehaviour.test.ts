import { describe, expect, it } from 'vitest';
import { agreement, Cluster, linkedPeers, type ClusterNode } from '../../../tests/support/cluster';
import { diskImage, type MinedBlock } from '../../../tests/support/ledgerHarness';
import type { RawLink, RawPeer } from '../../../tests/support/rawPeer';
import { claim, serve } from '../../../tests/support/serveChain';
import { ZERO_HASH, type BlockHash, type ElectionId, type Hash } from '../bytes/hash';
import { HEADER_LENGTH } from '../chain/header';
import { encodeBlock } from '../election/block';
import { encodeTransaction, type Ballot } from '../election/transaction';
import type { ErrorCode } from '../errors/pollenError';
import { encodeFrame } from '../wire/frame';
import { FRAME_VERSION, MAX_FRAME_BYTES } from '../wire/limits';
import {
	BODY_TIMEOUT_MS,
	HELLO_MS,
	MAX_REMEMBERED,
	MAX_STALLS,
	MAX_UNASKED,
	PING_INTERVAL_MS,
	PONG_MS
} from './limits';

interface Scene {
	readonly cluster: Cluster;
	readonly node: ClusterNode;
	/** A well-behaved neighbour, which must notice nothing. */
	readonly neighbour: ClusterNode;
	readonly raw: RawPeer;
	/** Greeted. */
	readonly link: RawLink;
	/** On which the node and its neighbour are. */
	readonly chain: readonly MinedBlock[];
}

/** Two nodes with a short chain, a ballot in it and one pending, and a stranger. */
async function setUp(): Promise<Scene> {
	const cluster = new Cluster();
	const counted = await cluster.ballot(0);
	const chain = cluster.harness.mineChain(cluster.harness.genesis, 3, [counted]);
	const node = await cluster.start({ disk: await cluster.diskWith(chain) });
	const neighbour = await cluster.start();
	await cluster.link(node, neighbour);
	await cluster.vote(neighbour, 1);
	const raw = await cluster.raw();
	const link = await raw.link(node.id);
	return { cluster, node, neighbour, raw, link, chain };
}

/** What must be the same before and after, on both nodes and their disks. */
function picture({ node, neighbour }: Scene) {
	return [node, neighbour].map((each) => ({
		...agreement(each),
		// Whom a node knows is noted on its disk, and a stranger is among them while it is linked.
		disk: withoutPeers(each),
		hasNeighbour: linkedPeers(each).includes(each === node ? neighbour.id : node.id)
	}));
}

function withoutPeers({ disk }: ClusterNode) {
	const image = diskImage(disk);
	for (const election of image.elections.values()) election.peers = [];
	return image;
}

/** Does something bad over a greeted link, and checks all that must follow from it. */
async function expectPunished(
	code: ErrorCode,
	act: (scene: Scene) => void | Promise<void>,
	afterMs = 0
): Promise<void> {
	const scene = await setUp();
	const { cluster, node, raw, link } = scene;
	const before = picture(scene);
	await act(scene);
	await cluster.advance(afterMs);
	await cluster.settle();
	expect(link.bye).toBe(code);
	expect(link.isClosed).toBe(true);
	expect(linkedPeers(node)).toEqual([scene.neighbour.id]);
	expect(picture(scene)).toEqual(before);
	// It is remembered: the next time it is shown the door before anything is said.
	const again = await raw.link(node.id);
	expect(again.of('hello')).toEqual([]);
	expect(again.isClosed).toBe(true);
	// And it is not dialled, nor spoken of.
	await cluster.advance(60_000);
	expect(raw.links).toHaveLength(2);
	expect(linkedPeers(node)).toEqual([scene.neighbour.id]);
	expect(linkedPeers(scene.neighbour)).toEqual([node.id]);
}

describe('p2p_invalid_messages: what cannot be read', () => {
	it.each<[string, ErrorCode, number[]]>([
		['junk', 'bad-frame', [0xde, 0xad, 0xbe, 0xef, 1, 2, 3]],
		['an empty piece', 'bad-frame', []],
		['half a frame header', 'bad-frame', [FRAME_VERSION, 2, 0]],
		['another frame version', 'bad-frame', [2, 2, 0, 0, 0, 4, 0, 0, 0, 1]],
		['an unknown type', 'bad-frame', [FRAME_VERSION, 200, 0, 0, 0, 0]],
		['more bytes than announced', 'bad-frame', [FRAME_VERSION, 4, 0, 0, 0, 0, 9]],
		['a length over a mebibyte', 'oversized', [FRAME_VERSION, 5, 0, 16, 0, 1]],
		['a length over what this message may have', 'oversized', [FRAME_VERSION, 2, 0, 0, 0, 5]],
		['a payload that is no such message', 'bad-message', [FRAME_VERSION, 2, 0, 0, 0, 3, 0, 0, 1]],
		['an error code that does not exist', 'bad-message', [FRAME_VERSION, 16, 0, 0, 0, 4, 3, 120, 121, 122]]
	])('%s', async (_, code, bytes) => {
		await expectPunished(code, ({ link }) => link.piece(...bytes));
	});

	it('a frame that is not finished in 5 s', async () => {
		await expectPunished(
			'bad-frame',
			({ link }) => {
				const [first] = encodeFrame({ type: 'election', definition: new Uint8Array(MAX_FRAME_BYTES / 2) });
				link.connection.send(first as Uint8Array);
			},
			5_000
		);
	});

	it('a frame whose pieces trickle in', async () => {
		const { cluster, link } = await setUp();
		const pieces = encodeFrame({ type: 'election', definition: new Uint8Array(200_000) });
		for (const piece of pieces.slice(0, 4)) {
			link.connection.send(piece);
			await cluster.advance(1_249);
			expect(link.isClosed).toBe(false);
		}
		await cluster.advance(4);
		expect(link.bye).toBe('bad-frame');
	});
});

describe('p2p_leak: what is said out of turn', () => {
	it('a second hello for another election', () =>
		expectPunished('unexpected-message', ({ link, raw }) =>
			link.send({ ...raw.hello(), electionId: 'ab'.repeat(32) as ElectionId })
		));
	it('a definition that nobody asked for', () =>
		expectPunished('unexpected-message', ({ link }) => link.send({ type: 'election', definition: Uint8Array.of(1) })));

	it('answers to what nobody asked, without end', () =>
		expectPunished('flood', ({ link }) => {
			for (let id = 0; id <= MAX_UNASKED; id++) link.send({ type: 'pong', id: 1_000 + id });
		}));

	it('blocks that nobody asked for, without end', () =>
		expectPunished('flood', ({ link, cluster, chain }) => {
			const block = encodeBlock(cluster.harness.mine(chain[2]).block);
			for (let count = 0; count <= MAX_UNASKED; count++) link.send({ type: 'block', block });
		}));

	it('anything before a hello', async () => {
		const { cluster, node, neighbour } = await setUp();
		const stranger = await cluster.raw();
		const link = await stranger.dial(node.id);
		link.send({ type: 'getHeaders', locator: [] });
		await cluster.settle();
		expect(link.bye).toBe('unexpected-message');
		expect(link.of('headers')).toEqual([]);
		expect((await stranger.link(node.id)).of('hello')).toEqual([]);
		expect(linkedPeers(node)).toContain(neighbour.id);
	});

	it('silence instead of a hello', async () => {
		const { cluster, node } = await setUp();
		const stranger = await cluster.raw();
		const link = await stranger.dial(node.id);
		await cluster.advance(HELLO_MS - 1);
		expect(link.isClosed).toBe(false);
		await cluster.advance(1);
		expect(link.bye).toBe('peer-timeout');
		// That can happen to anybody.
		expect((await stranger.link(node.id)).of('hello')).toHaveLength(1);
	});
});

describe('p2p_invalid_block: headers that break a rule', () => {
	const flawed = (changes: (scene: Scene) => Partial<MinedBlock['header']>) => (scene: Scene) => {
		const block = scene.cluster.harness.mine(scene.chain[2], [], changes(scene));
		scene.link.send({ type: 'headers', headers: [block.header] });
	};
	it('version', () =>
		expectPunished(
			'bad-encoding',
			flawed(() => ({ version: 2 }))
		));
	it('height', () =>
		expectPunished(
			'bad-height',
			flawed(() => ({ height: 9 }))
		));
	it('target', () =>
		expectPunished(
			'bad-target',
			flawed(({ chain }) => ({ target: chain[2]!.header.target - 1n }))
		));
	it('time', () =>
		expectPunished(
			'bad-time',
			flawed(({ chain }) => ({ timestamp: chain[2]!.header.timestamp }))
		));

	it('work', async () => {
		// Here a hash must be good, which the fast harness otherwise hardly ever asks.
		const cluster = new Cluster({ changes: { initialDifficulty: 1_000_000 } });
		const node = await cluster.start();
		const raw = await cluster.raw();
		const link = await raw.link(node.id);
		link.send({ type: 'headers', headers: [cluster.harness.mine(cluster.harness.genesis, [], { nonce: 1n }).header] });
		await cluster.settle();
		expect(link.bye).toBe('bad-work');
		expect(node.node.snapshot().height).toBe(0);
	});
});

describe('p2p_invalid_block: blocks that break a rule', () => {
	type Make = (scene: Scene) => MinedBlock | Promise<MinedBlock>;

	/** The header is offered first, as a peer does, and the body given when it is asked for. */
	const offer = (make: Make) => async (scene: Scene) => {
		const { link, cluster } = scene;
		const mined = await make(scene);
		link.onMessage = ({ type }) => {
			if (type === 'getBlocks') link.send({ type: 'block', block: encodeBlock(mined.block) });
		};
		link.send({ type: 'headers', headers: [mined.header] });
		await cluster.settle();
	};
	const on = (scene: Scene, ballots: readonly Ballot[], changes = {}) =>
		scene.cluster.harness.mine(scene.chain[2], ballots, changes);

	it('a ballot with a bad proof', () =>
		expectPunished(
			'bad-proof',
			offer(async (scene) => {
				const ballot = await scene.cluster.ballot(2);
				return on(scene, [{ ...ballot, proof: ballot.proof.map((byte) => byte ^ 1) }]);
			})
		));

	it('a ballot copied with another choice', () =>
		expectPunished(
			'bad-proof',
			offer(async (scene) => on(scene, [{ ...(await scene.cluster.ballot(2, [0])), choices: [1] }]))
		));

	it('a proof for another election', () =>
		expectPunished(
			'bad-proof',
			offer(async (scene) => {
				const other = new Cluster({ changes: { title: 'Another' } });
				return on(scene, [await other.ballot(2)]);
			})
		));

	it('a ballot counted before', () =>
		expectPunished(
			'duplicate-nullifier',
			offer(async (scene) => on(scene, [await scene.cluster.ballot(0)]))
		));

	it('the same ballot twice', () =>
		expectPunished(
			'duplicate-nullifier',
			offer(async (scene) => {
				const ballot = await scene.cluster.ballot(2);
				return on(scene, [ballot, ballot]);
			})
		));

	it('an option that does not exist', () =>
		expectPunished(
			'unknown-option',
			offer(async (scene) => on(scene, [await scene.cluster.ballot(2, [3])]))
		));

	it('a ballot that chooses nothing', () =>
		expectPunished(
			'no-choice',
			offer(async (scene) => on(scene, [await scene.cluster.ballot(2, [255])]))
		));

	it('transactions that are not those of the header', () =>
		expectPunished(
			'bad-merkle-root',
			offer(async (scene) => {
				const mined = on(scene, []);
				return { ...mined, block: { ...mined.block, transactions: [await scene.cluster.ballot(2)] } };
			})
		));

	/** The body that is asked for comes damaged below its header. */
	const damaged = (damage: (encoded: Uint8Array) => Uint8Array) => async (scene: Scene) => {
		const { link, cluster } = scene;
		const { header, block } = on(scene, []);
		link.onMessage = ({ type }) => {
			if (type === 'getBlocks') link.send({ type: 'block', block: damage(encodeBlock(block)) });
		};
		link.send({ type: 'headers', headers: [header] });
		await cluster.settle();
	};

	it('bytes that are no block', () =>
		expectPunished(
			'bad-encoding',
			damaged((encoded) => encoded.slice(0, HEADER_LENGTH + 1))
		));

	it('bytes after the block', () =>
		expectPunished(
			'bad-encoding',
			damaged((encoded) => Uint8Array.from([...encoded, 0]))
		));

	it('an invalid block that comes before its parent, found out when that comes from another', async () => {
		const { cluster, node, link, chain } = await setUp();
		const ballot = await cluster.ballot(2);
		const parent = cluster.harness.mine(chain[2], []);
		const child = cluster.harness.mine(parent, [{ ...ballot, choices: [0] }]);
		link.send({ type: 'headers', headers: [parent.header, child.header] });
		await cluster.settle();
		link.send({ type: 'block', block: encodeBlock(child.block) });
		await cluster.settle();
		expect(link.isClosed).toBe(false);
		const raw = await cluster.raw();
		const honest = await raw.dial(node.id);
		serve(honest, [...chain, parent]);
		honest.send(raw.hello(claim([...chain, parent])));
		await cluster.advance(BODY_TIMEOUT_MS);
		expect(link.bye).toBe('invalid-parent');
		expect(honest.isClosed).toBe(false);
		expect(node.node.snapshot().tip).toBe(parent.hash);
	});
});

describe('p2p_invalid_tx: ballots that break a rule', () => {
	it('a bad proof', () =>
		expectPunished('bad-proof', async ({ link, cluster }) => {
			const ballot = await cluster.ballot(2);
			link.send({ type: 'transaction', transaction: encodeTransaction({ ...ballot, choices: [0] }) });
		}));

	it('an option that does not exist', () =>
		expectPunished('unknown-option', async ({ link, cluster }) => {
			link.send({ type: 'transaction', transaction: encodeTransaction(await cluster.ballot(2, [7])) });
		}));

	it('bytes that are no transaction', () =>
		expectPunished('bad-encoding', ({ link }) => link.send({ type: 'transaction', transaction: Uint8Array.of(3, 0) })));
});

describe('what honest peers do too', () => {
	const tolerated: [string, (scene: Scene) => Promise<void>][] = [
		[
			'a ballot that is recorded',
			async ({ link, cluster }) =>
				link.send({ type: 'transaction', transaction: encodeTransaction(await cluster.ballot(0)) })
		],
		[
			'another ballot of a credential whose ballot is recorded',
			async ({ link, cluster }) =>
				link.send({ type: 'transaction', transaction: encodeTransaction(await cluster.ballot(0, [2])) })
		],
		[
			'a ballot that is pending',
			async ({ link, cluster }) =>
				link.send({ type: 'transaction', transaction: encodeTransaction(await cluster.ballot(1)) })
		],
		[
			'a block that is known',
			async ({ link, chain }) => link.send({ type: 'block', block: encodeBlock(chain[1]!.block) })
		],
		[
			'a block without a known parent',
			async ({ link, cluster, chain }) => {
				const [, far] = cluster.harness.mineChain(chain[2]!, 2);
				link.send({ type: 'block', block: encodeBlock(far!.block) });
			}
		],
		[
			'a header from the future',
			async ({ link, cluster, chain }) => {
				const early = cluster.harness.mine(chain[2], [], { timestamp: cluster.now + 3_600_000 });
				link.send({ type: 'headers', headers: [early.header] });
			}
		],
		['no headers', async ({ link }) => link.send({ type: 'headers', headers: [] })],
		['asking for nothing', async ({ link }) => link.send({ type: 'getBlocks', hashes: [] })],
		[
			'asking for what nobody has',
			async ({ link }) => link.send({ type: 'getBlocks', hashes: [ZERO_HASH, 'ab'.repeat(32) as BlockHash] })
		],
		['a pong that answers nothing', async ({ link }) => link.send({ type: 'pong', id: 77 })],
		['the same pong twice', async ({ link }) => link.send({ type: 'pong', id: link.of('ping')[0]!.id })],
		[
			'a block that nobody asked for, not even looked at',
			async ({ link }) => link.send({ type: 'block', block: Uint8Array.of(1, 2, 3) })
		],
		['saying it lacks what nobody asked for', async ({ link }) => link.send({ type: 'notFound', hashes: [ZERO_HASH] })],
		[
			'inventory that leads nowhere',
			async ({ link }) => link.send({ type: 'inventory', ids: ['cd'.repeat(32) as Hash as never] })
		],
		['peers that do not exist', async ({ link }) => link.send({ type: 'peers', peerIds: ['nobody-at-all'] })]
	];
	it.each(tolerated)('%s', async (_, act) => {
		const scene = await setUp();
		const before = picture(scene);
		await act(scene);
		await scene.cluster.advance(2_000);
		expect(scene.link.bye).toBeUndefined();
		expect(linkedPeers(scene.node)).toContain(scene.raw.id);
		expect(picture(scene)).toEqual(before);
	});

	it('answers for what it lacks, and with the definition', async () => {
		const { cluster, link, chain } = await setUp();
		const unknown = 'ab'.repeat(32) as BlockHash;
		link.send({ type: 'getBlocks', hashes: [chain[0]!.hash, unknown] });
		link.send({ type: 'getElection' });
		await cluster.settle();
		expect(link.of('notFound')).toEqual([{ type: 'notFound', hashes: [unknown] }]);
		expect(link.of('block')).toHaveLength(1);
		expect(new TextDecoder().decode(link.of('election')[0]!.definition)).toContain('"title":"Harness"');
	});

	it('a ballot that arrives before this clock says the poll is open', async () => {
		const opensAt = new Date(1_000_000_000 + 5_000).toISOString();
		const cluster = new Cluster({ changes: { opensAt } });
		const node = await cluster.start();
		const link = await (await cluster.raw()).link(node.id);
		link.send({ type: 'transaction', transaction: encodeTransaction(await cluster.ballot(0)) });
		await cluster.settle();
		expect(link.isClosed).toBe(false);
		expect(node.node.pending()).toEqual([]);
	});
});

describe('an offender stays out', () => {
	it('whoever speaks of it, and whoever dials, until the user asks for it by name', async () => {
		const { cluster, node, raw, link } = await setUp();
		raw.onLink = (inbound) => inbound.send(raw.hello());
		link.piece(0xff);
		await cluster.settle();
		const teller = await (await cluster.raw()).link(node.id);
		teller.send({ type: 'peers', peerIds: [raw.id] });
		await cluster.advance(3_600_000);
		expect(raw.links).toHaveLength(1);
		expect((await raw.link(node.id)).bye).toBe('unlinked');
		await cluster.done(node.node.link(raw.id));
		expect(linkedPeers(node)).toContain(raw.id);
	});

	it('is not dialled after a restart', async () => {
		const { cluster, node, raw, link } = await setUp();
		raw.onLink = (inbound) => inbound.send(raw.hello());
		link.piece(0xff);
		await cluster.settle();
		await cluster.restart(node);
		await cluster.advance(600_000);
		expect(raw.links).toHaveLength(1);
	});

	it('as long as not too many others were worse since: the memory of them is bounded', async () => {
		const { cluster, node, raw, link } = await setUp();
		link.piece(0xff);
		await cluster.settle();
		const others: RawPeer[] = [];
		for (let i = 0; i < MAX_REMEMBERED; i++) {
			const other = await cluster.raw();
			(await other.dial(node.id)).piece(0xff);
			await cluster.settle();
			other.network.stop();
			others.push(other);
		}
		expect(linkedPeers(node)).toHaveLength(1);
		expect((await raw.link(node.id)).isClosed).toBe(false);
	});
});

describe('p2p_timeouts: who is slow, or early, is no offender', () => {
	/** It may come back, and is sought by the node itself as well. */
	async function expectWelcome({ cluster, node, raw }: Scene): Promise<void> {
		raw.onLink = (link) => link.send(raw.hello());
		await cluster.advance(60_000);
		expect(linkedPeers(node)).toContain(raw.id);
	}

	it('a peer that answers no ping', async () => {
		const scene = await setUp();
		scene.link.isDead = true;
		await scene.cluster.advance(PING_INTERVAL_MS + PONG_MS);
		expect(scene.link.bye).toBe('peer-timeout');
		await expectWelcome(scene);
	});

	it('a peer that does not deliver what it announced', async () => {
		const scene = await setUp();
		const { cluster, link, chain } = scene;
		link.send({ type: 'headers', headers: [cluster.harness.mine(chain[2], []).header] });
		await cluster.advance(MAX_STALLS * 2 * BODY_TIMEOUT_MS);
		expect(link.bye).toBe('peer-timeout');
		await expectWelcome(scene);
	});

	it('a peer whose link breaks in the middle of a message', async () => {
		const scene = await setUp();
		const [first] = encodeFrame({ type: 'election', definition: new Uint8Array(MAX_FRAME_BYTES / 2) });
		scene.link.connection.send(first as Uint8Array);
		await scene.cluster.settle();
		scene.link.connection.close('link-lost');
		await expectWelcome(scene);
	});

	it('a peer that had no room', async () => {
		const scene = await setUp();
		scene.link.send({ type: 'bye', code: 'too-many-peers' });
		await scene.cluster.settle();
		await expectWelcome(scene);
	});
});
