import { readFileSync } from 'node:fs';
import type { BlockHash, ElectionId, TransactionId } from '../../src/lib/bytes/hash';
import { concatBytes } from '../../src/lib/bytes/compare';
import { hexToBytes } from '../../src/lib/bytes/hex';
import { encodeBlock } from '../../src/lib/election/block';
import { encodeElection } from '../../src/lib/election/definition';
import { encodeTransaction, transactionId, type Ballot } from '../../src/lib/election/transaction';
import { ERROR_CODES } from '../../src/lib/errors/pollenError';
import type { Ledger } from '../../src/lib/node/ledger';
import { encodeFrame } from '../../src/lib/wire/frame';
import { PIECE_BYTES } from '../../src/lib/wire/limits';
import type { WireMessage } from '../../src/lib/wire/messages';
import { Cluster, type ClusterNode } from '../support/cluster';
import type { MinedBlock } from '../support/ledgerHarness';
import type { RawLink, RawPeer } from '../support/rawPeer';
import { mutated, type Mutation } from './mutations';

/** What a hostile link does next: plain data, so that a sequence shrinks and can be kept in the corpus. */
export type Step =
	/** Says one of {@link SAYINGS}, perhaps damaged. */
	| { readonly do: 'say'; readonly link: number; readonly what: string; readonly damage?: readonly Mutation[] }
	/** Sends a frame of the golden vectors: it is about another election, or about none. */
	| { readonly do: 'golden'; readonly link: number; readonly index: number }
	/** Sends bytes as one piece. */
	| { readonly do: 'bytes'; readonly link: number; readonly hex: string }
	/** Begins a long frame, and leaves it so. */
	| { readonly do: 'begin'; readonly link: number }
	/** From now on answers requests: with what was asked for, with something else, or with `notFound`. */
	| { readonly do: 'answer'; readonly link: number; readonly how: 'right' | 'wrong' | 'not' | 'never' }
	| { readonly do: 'hang up'; readonly link: number }
	/** Dials the node again, under the same peer ID or a new one, and greets it or does not. */
	| { readonly do: 'dial'; readonly link: number; readonly isNew: boolean; readonly greets: boolean }
	| { readonly do: 'wait'; readonly ms: number };

export const LINKS = 3;

const { vectors } = JSON.parse(readFileSync(new URL('../vectors/wire.json', import.meta.url), 'utf8')) as {
	vectors: readonly { readonly frame: string }[];
};
export const GOLDEN_FRAMES = vectors.map(({ frame }) => hexToBytes(frame));

/**
 * A node with an honest neighbour, on a short chain with a ballot in it and one that is pending; and strangers, who do what
 * a sequence of steps says.
 */
export class Siege {
	readonly #peers: RawPeer[] = [];
	readonly #links: RawLink[] = [];

	private constructor(
		readonly cluster: Cluster,
		readonly node: ClusterNode,
		readonly neighbour: ClusterNode,
		readonly chain: readonly MinedBlock[],
		/** Valid, and better than the chain: who shows it moves the node's tip. */
		readonly fork: readonly MinedBlock[],
		/** Blocks whose headers hold, with contents that do not. */
		readonly flawed: readonly MinedBlock[],
		/** Of voter 2, whom nobody has heard of. */
		readonly ballot: Ballot
	) {}

	static async begin(): Promise<Siege> {
		const cluster = new Cluster();
		const { harness } = cluster;
		const chain = harness.mineChain(harness.genesis, 3, [await cluster.ballot(0)]);
		const node = await cluster.start({ disk: await cluster.diskWith(chain) });
		const neighbour = await cluster.start();
		await cluster.link(node, neighbour);
		await cluster.vote(neighbour, 1);
		const ballot = await cluster.ballot(2);
		const [first, , last] = chain as [MinedBlock, MinedBlock, MinedBlock];
		const siege = new Siege(
			cluster,
			node,
			neighbour,
			chain,
			harness.mineChain(first, 4),
			[
				harness.mine(last, [{ ...ballot, choices: [ballot.choices[0] === 0 ? 1 : 0] }]),
				harness.mine(last, [await cluster.ballot(0)]),
				harness.mine(last, [ballot, ballot]),
				harness.mine(last, [await cluster.ballot(3, [9])])
			],
			ballot
		);
		for (let index = 0; index < LINKS; index++) {
			const peer = await cluster.raw();
			siege.#peers.push(peer);
			siege.#links.push(await peer.link(node.id));
		}
		return siege;
	}

	/**
	 * What the node holds, beyond what its interface shows. Tests alone look at it in this way: what is bounded is a
	 * promise about the inside.
	 */
	get core(): Ledger['core'] {
		return (this.node.node as unknown as { readonly ledger: Ledger }).ledger.core;
	}

	get links(): readonly RawLink[] {
		return this.#peers.flatMap(({ links }) => links);
	}

	/** Tips on which the node may stand after these steps. */
	tipsAfter(steps: readonly Step[]): BlockHash[] {
		const tips = [...this.chain.slice(-1), ...(steps.some(showsBlocks) ? this.fork : [])];
		return tips.map(({ hash }) => hash);
	}

	/** Transactions that may be pending, or recorded in a fork's favour, after these steps. */
	pendingAfter(steps: readonly Step[], pending: readonly TransactionId[]): TransactionId[] {
		const counted = this.chain.flatMap(({ block }) => block.transactions);
		const returned = steps.some(showsBlocks) ? counted.map(transactionId) : [];
		return [...pending, ...returned, ...(steps.some(showsBallots) ? [transactionId(this.ballot)] : [])];
	}

	async take(step: Step): Promise<void> {
		await this.#take(step);
		await this.cluster.settle();
	}

	async #take(step: Step): Promise<void> {
		if (step.do === 'wait') return await this.cluster.advance(step.ms);
		const link = this.#links[step.link];
		if (!link) throw new RangeError(`there is no link ${step.link}`);
		switch (step.do) {
			case 'say': {
				const frame = this.#frameOf(step.what);
				return send(link, step.damage ? mutated(frame, step.damage, this.#frameOf('headers of the fork')) : frame);
			}
			case 'golden':
				return send(link, GOLDEN_FRAMES[step.index % GOLDEN_FRAMES.length] ?? new Uint8Array());
			case 'bytes':
				return link.connection.send(hexToBytes(step.hex));
			case 'begin': {
				const [first] = encodeFrame({ type: 'election', definition: new Uint8Array(4 * PIECE_BYTES) });
				return link.connection.send(first ?? new Uint8Array());
			}
			case 'answer':
				link.onMessage = (message) => this.#answer(link, message, step.how);
				return;
			case 'hang up':
				return link.connection.close('unlinked');
			case 'dial':
				this.#links[step.link] = await this.#dial(step.link, step);
		}
	}

	async #dial(index: number, { isNew, greets }: { isNew: boolean; greets: boolean }): Promise<RawLink> {
		if (isNew) this.#peers.push(await this.cluster.raw());
		const peer = (isNew ? this.#peers.at(-1) : this.#peers[index]) as RawPeer;
		return greets ? await peer.link(this.node.id) : await peer.dial(this.node.id);
	}

	#frameOf(what: string): Uint8Array {
		const saying = SAYINGS[what];
		if (!saying) throw new RangeError(`nobody says: ${what}`);
		return concatBytes(...encodeFrame(saying(this)));
	}

	#answer(link: RawLink, message: WireMessage, how: 'right' | 'wrong' | 'not' | 'never'): void {
		if (how === 'never' || link.isClosed) return;
		if (how === 'not') {
			if (message.type === 'getBlocks') link.send({ type: 'notFound', hashes: message.hashes });
			if (message.type === 'getTransactions') link.send({ type: 'notFound', hashes: message.ids });
			if (message.type === 'getHeaders') link.send({ type: 'headers', headers: [] });
			return;
		}
		const known = [...this.chain, ...this.fork, ...this.flawed];
		if (message.type === 'getHeaders') {
			const headers = (how === 'right' ? this.fork : this.flawed).map(({ header }) => header);
			link.send({ type: 'headers', headers });
		}
		if (message.type === 'getBlocks') {
			for (const hash of message.hashes) {
				const found = known.find((block) => (how === 'right' ? block.hash === hash : block.hash !== hash));
				if (found) link.send({ type: 'block', block: encodeBlock(found.block) });
			}
		}
		if (message.type === 'getTransactions') {
			const choices = how === 'right' ? this.ballot.choices : [200];
			link.send({ type: 'transaction', transaction: encodeTransaction({ ...this.ballot, choices }) });
		}
	}

	get greeting() {
		return this.#peers[0]?.hello() as ReturnType<RawPeer['hello']>;
	}
}

/** Whether the node can learn valid blocks from a step. */
function showsBlocks(step: Step): boolean {
	if (step.do === 'answer') return step.how !== 'never';
	return step.do === 'say' && /fork|block/.test(step.what);
}

function showsBallots(step: Step): boolean {
	if (step.do === 'answer') return step.how === 'right';
	return step.do === 'say' && step.what === 'a ballot';
}

/** As a link cuts it; what is empty or too long for a piece stays one. */
function send(link: RawLink, frame: Uint8Array): void {
	if (frame.length === 0) link.connection.send(frame);
	for (let at = 0; at < frame.length; at += PIECE_BYTES) link.connection.send(frame.slice(at, at + PIECE_BYTES));
}

const random = (seed: number) => (seed * 0x9e3779b1).toString(16).padStart(64, '0').slice(-64) as BlockHash;
const headersOf = (blocks: readonly MinedBlock[]) => blocks.map(({ header }) => header);
const unmade = (siege: Siege, changes: Partial<MinedBlock['header']>): WireMessage => ({
	type: 'headers',
	headers: [siege.cluster.harness.mine(siege.chain[2], [], changes).header]
});
const block = (mined: MinedBlock | undefined): WireMessage => ({
	type: 'block',
	block: mined ? encodeBlock(mined.block) : Uint8Array.of(0)
});
const transaction = (ballot: Ballot): WireMessage => ({ type: 'transaction', transaction: encodeTransaction(ballot) });

/** What can be said, right and wrong. Another line is another saying. */
export const SAYINGS: Readonly<Record<string, (siege: Siege) => WireMessage>> = {
	hello: ({ greeting }) => greeting,
	'hello of another protocol': ({ greeting }) => ({ ...greeting, protocol: 2 }),
	'hello of another election': ({ greeting }) => ({ ...greeting, electionId: random(7) as ElectionId }),
	'hello of who knows no election': ({ greeting }) => ({ ...greeting, electionId: '0'.repeat(64) as ElectionId }),
	'hello that boasts': ({ greeting }) => ({ ...greeting, height: 2 ** 32 - 1, work: 2n ** 256n - 1n, tip: random(1) }),
	ping: () => ({ type: 'ping', id: 2 ** 32 - 1 }),
	'pong that nobody wants': () => ({ type: 'pong', id: 4_711 }),
	'pong, likely right': () => ({ type: 'pong', id: 1 }),
	getElection: () => ({ type: 'getElection' }),
	'the definition': ({ node }) => ({ type: 'election', definition: encodeElection(node.node.election) }),
	'no definition': () => ({ type: 'election', definition: new Uint8Array(3 * PIECE_BYTES) }),
	'getHeaders from nowhere': () => ({ type: 'getHeaders', locator: [] }),
	'getHeaders from the tip': ({ chain }) => ({ type: 'getHeaders', locator: chain.map(({ hash }) => hash).reverse() }),
	'getHeaders from elsewhere': () => ({ type: 'getHeaders', locator: Array.from({ length: 32 }, (_, n) => random(n)) }),
	'no headers': () => ({ type: 'headers', headers: [] }),
	'headers of the chain': ({ chain }) => ({ type: 'headers', headers: headersOf(chain) }),
	'headers of the fork': ({ fork }) => ({ type: 'headers', headers: headersOf(fork) }),
	'headers of the fork, backwards': ({ fork }) => ({ type: 'headers', headers: headersOf(fork).reverse() }),
	'headers of the fork, over and over': ({ fork }) => ({
		type: 'headers',
		headers: Array.from({ length: 125 }, () => headersOf(fork)).flat()
	}),
	'headers of flawed blocks': ({ flawed }) => ({ type: 'headers', headers: headersOf(flawed) }),
	'headers without their parents': ({ fork }) => ({ type: 'headers', headers: headersOf(fork.slice(2)) }),
	'a header of another target': (siege) => unmade(siege, { target: 2n ** 255n }),
	'a header of another version': (siege) => unmade(siege, { version: 9 }),
	'a header of tomorrow': (siege) => unmade(siege, { timestamp: siege.cluster.now + 86_400_000 }),
	'a header with the last timestamp': (siege) => unmade(siege, { timestamp: Number.MAX_SAFE_INTEGER }),
	'getBlocks of the chain': ({ chain }) => ({ type: 'getBlocks', hashes: chain.map(({ hash }) => hash) }),
	'getBlocks of one, sixteen times': ({ chain }) => ({
		type: 'getBlocks',
		hashes: Array.from({ length: 16 }, () => (chain[0] as MinedBlock).hash)
	}),
	'getBlocks of what is not there': () => ({ type: 'getBlocks', hashes: [random(1), random(2)] }),
	'a known block': ({ chain }) => block(chain[1]),
	'a block of the fork': ({ fork }) => block(fork[0]),
	'the last block of the fork': ({ fork }) => block(fork[3]),
	'a block that copies a ballot': ({ flawed }) => block(flawed[0]),
	'a block that counts a ballot again': ({ flawed }) => block(flawed[1]),
	'a block with a ballot twice': ({ flawed }) => block(flawed[2]),
	'no block': () => block(undefined),
	'inventory of what is not there': () => ({
		type: 'inventory',
		ids: Array.from({ length: 500 }, (_, n) => random(n + 1))
	}),
	'inventory of a ballot': ({ ballot }) => ({ type: 'inventory', ids: [transactionId(ballot)] }),
	'getTransactions of all': () => ({ type: 'getTransactions', ids: [] }),
	'getTransactions of what is not there': () => ({ type: 'getTransactions', ids: [random(1)] }),
	'a ballot': ({ ballot }) => transaction(ballot),
	'a ballot copied with another choice': ({ ballot }) => transaction({ ...ballot, choices: [0] }),
	'a ballot for nothing': ({ ballot }) => transaction({ ...ballot, choices: [255] }),
	'a ballot with too many choices': ({ ballot }) => transaction({ ...ballot, choices: Array(64).fill(0) }),
	'no transaction': () => ({ type: 'transaction', transaction: Uint8Array.of(3) }),
	getPeers: () => ({ type: 'getPeers' }),
	'peers that are not there': () => ({
		type: 'peers',
		peerIds: Array.from({ length: 32 }, (_, n) => `nobody-${n}`)
	}),
	'peers: itself and its neighbour': ({ node, neighbour }) => ({ type: 'peers', peerIds: [node.id, neighbour.id] }),
	'notFound of what nobody asked for': () => ({ type: 'notFound', hashes: [random(3)] }),
	bye: () => ({ type: 'bye', code: 'unlinked' }),
	'bye for an offence': () => ({ type: 'bye', code: 'bad-proof' }),
	'bye for a fault of this device': () => ({ type: 'bye', code: ERROR_CODES.at(-1) ?? 'unlinked' })
};
