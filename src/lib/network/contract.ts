import { PollenError } from '../errors/pollenError';
import { MAX_QUEUED_BYTES, MAX_SENT_PIECE_BYTES } from './limits';
import { isPeerId } from './peerId';
import type { Claim, Connection, Network, PeerId } from './port';

/**
 * What every network must do, as plain functions that throw: the same cases run in Vitest over the memory hub and in a
 * page over PeerJS.
 */
export interface NetworkContractCase {
	readonly name: string;
	run(create: CreateNetwork): Promise<void>;
}

/** Makes networks that can reach each other. */
export type CreateNetwork = (options?: { maxConnections?: number; refusal?: readonly Uint8Array[] }) => Network;

/** Shorter than a test has, so that it can say what it waited for. */
const WAIT_MS = 50_000;

export const networkContract: readonly NetworkContractCase[] = [
	{
		name: 'registers under an ID of its own',
		run: withNodes(2, async ([a, b]) => {
			check(isPeerId(a.id) && isPeerId(b.id), 'peer IDs are well formed');
			same(new Set([a.id, b.id]).size, 2, 'different IDs');
			same(a.states, ['online'], 'states told');
			same(a.network.signalling, 'online', 'state');
		})
	},
	{
		name: 'a link is seen by both ends with its peer and direction',
		run: withNodes(2, async ([a, b]) => {
			const [outbound, inbound] = await link(a, b);
			same([outbound.connection.peerId, outbound.connection.direction], [b.id, 'outbound'], 'outbound');
			same([inbound.connection.peerId, inbound.connection.direction], [a.id, 'inbound'], 'inbound');
		})
	},
	{
		name: 'a well-known ID is held by one at a time, and leads to whoever holds it',
		run: withNodes(3, async ([a, b, c]) => {
			const seat = `seat-${a.id}` as PeerId;
			const claim = await a.network.claim(seat, () => undefined);
			check(claim !== undefined, 'the first gets it');
			same(await b.network.claim(seat, () => undefined), undefined, 'the second is told that it is taken');
			const outbound = observe(await c.network.connect(seat));
			outbound.connection.send(patterned(5, 1));
			await until(() => a.inbound.length === 1, 'the link at its holder');
			same(a.inbound[0]?.connection.peerId, c.id, 'who dialled');
			claim?.release();
			let next: Claim | undefined;
			for (let tries = 0; !next && tries < 50; tries++) {
				await pause(100);
				next = await b.network.claim(seat, () => undefined);
			}
			check(next !== undefined, 'free again');
		})
	},
	{
		name: 'dialling right after the start waits for the registration',
		async run(create) {
			const [a, b] = [start(create()), start(create())];
			try {
				same(a.network.peerId, undefined, 'ID before the registration');
				same(a.network.signalling, 'connecting', 'state before the registration');
				await until(() => b.network.peerId, 'registration of b');
				await a.network.connect(b.id);
			} finally {
				stopAll([a, b]);
			}
		}
	},
	{
		name: 'pieces arrive whole and in order, and come back',
		run: withNodes(2, async ([a, b]) => {
			const [outbound, inbound] = await link(a, b);
			inbound.connection.onPiece = (piece) => inbound.connection.send(piece);
			const sizes = [1, 2, 117, 1000, 16_383, 16_384, ...Array.from({ length: 94 }, (_, i) => 3 + i * 37)];
			const pieces = sizes.map((size, i) => patterned(size, i));
			for (const piece of pieces) outbound.connection.send(piece);
			await until(() => outbound.pieces.length === pieces.length, 'all pieces back');
			outbound.pieces.forEach((piece, i) => sameBytes(piece, pieces[i], `piece ${i}`));
		})
	},
	{
		name: 'the side that was dialled may speak first, in the turn in which it got the link',
		async run(create) {
			const [a, b] = [start(create()), start(create())];
			try {
				b.greet = patterned(10, 7);
				await until(() => a.network.peerId && b.network.peerId, 'registrations');
				const outbound = observe(await a.network.connect(b.id));
				await until(() => outbound.pieces.length === 1, 'greeting');
				sameBytes(outbound.pieces[0], patterned(10, 7), 'greeting');
			} finally {
				stopAll([a, b]);
			}
		}
	},
	{
		name: '1 MiB each way at the same time arrives whole',
		run: withNodes(2, async ([a, b]) => {
			const ends = await link(a, b);
			const pieces = Array.from({ length: 64 }, (_, i) => patterned(MAX_SENT_PIECE_BYTES, i));
			await Promise.all(
				ends.map(async ({ connection }) => {
					for (const piece of pieces) {
						connection.send(piece);
						await connection.drained();
					}
				})
			);
			for (const end of ends) {
				await until(() => end.pieces.length === pieces.length, 'all pieces');
				end.pieces.forEach((piece, i) => sameBytes(piece, pieces[i], `piece ${i}`));
				same(end.closes, [], 'closes');
			}
		})
	},
	{
		name: 'closing reaches the other side once, after what was sent before',
		run: withNodes(2, async ([a, b]) => {
			const [outbound, inbound] = await link(a, b);
			const pieces = Array.from({ length: 60 }, (_, i) => patterned(MAX_SENT_PIECE_BYTES, i));
			for (const piece of pieces) outbound.connection.send(piece);
			outbound.connection.close('unlinked');
			same(outbound.closes, [], 'closes within the call');
			outbound.connection.close('bad-frame');
			outbound.connection.send(patterned(1, 1));
			await outbound.connection.drained();
			await until(() => outbound.closes.length > 0 && inbound.closes.length > 0, 'closes at both sides');
			await pause(300);
			same(outbound.closes, ['unlinked'], 'own side');
			same(inbound.closes, ['link-lost'], 'other side');
			same(inbound.pieces.length, pieces.length, 'pieces before the close');
			inbound.connection.send(patterned(1, 1));
			inbound.connection.close('unlinked');
			await pause(50);
			same([outbound.pieces.length, inbound.closes.length], [0, 1], 'nothing after the close');
		})
	},
	{
		name: 'a link that was closed can be opened again',
		run: withNodes(2, async ([a, b]) => {
			const [first] = await link(a, b);
			first.connection.close('unlinked');
			const [outbound, inbound] = await link(b, a);
			outbound.connection.send(patterned(5, 1));
			await until(() => inbound.pieces.length === 1, 'piece');
		})
	},
	{
		name: 'an unknown or malformed peer ID is unknown-peer',
		run: withNodes(1, async ([a]) => {
			const absent = `${a.id.slice(0, -4)}zzzz` as PeerId;
			await refuses(() => a.network.connect(absent), 'unknown-peer');
			for (const text of ['', ' ', 'a/b', '../x', 'p?key=1', 'x'.repeat(65)]) {
				await refuses(() => a.network.connect(text as PeerId), 'unknown-peer');
			}
		})
	},
	{
		name: 'a link to oneself is refused',
		run: withNodes(1, async ([a]) => {
			await refuses(() => a.network.connect(a.id), 'self-link');
			same(a.inbound.length, 0, 'inbound links');
		})
	},
	{
		name: 'dialling each other at the same time gives two usable links',
		run: withNodes(2, async ([a, b]) => {
			const [ab, ba] = (await Promise.all([a.network.connect(b.id), b.network.connect(a.id)])).map(observe);
			await until(() => a.inbound.length === 1 && b.inbound.length === 1, 'inbound links');
			ab?.connection.send(patterned(20, 1));
			ba?.connection.send(patterned(30, 2));
			await until(() => a.inbound[0]?.pieces.length === 1 && b.inbound[0]?.pieces.length === 1, 'pieces');
			sameBytes(b.inbound[0]?.pieces[0], patterned(20, 1), 'piece at b');
			sameBytes(a.inbound[0]?.pieces[0], patterned(30, 2), 'piece at a');
		})
	},
	{
		name: 'a piece over 16 KiB is refused and sends nothing',
		run: withNodes(2, async ([a, b]) => {
			const [outbound, inbound] = await link(a, b);
			await refuses(async () => outbound.connection.send(new Uint8Array(MAX_SENT_PIECE_BYTES + 1)), 'oversized');
			outbound.connection.send(patterned(3, 3));
			await until(() => inbound.pieces.length > 0, 'next piece');
			sameBytes(inbound.pieces[0], patterned(3, 3), 'next piece');
		})
	},
	{
		name: 'a queue over 4 MiB loses the link at both ends',
		run: withNodes(2, async ([a, b]) => {
			const [outbound, inbound] = await link(a, b);
			const piece = patterned(MAX_SENT_PIECE_BYTES, 1);
			for (let queued = 0; queued <= MAX_QUEUED_BYTES; queued += piece.byteLength) outbound.connection.send(piece);
			await outbound.connection.drained();
			await until(() => outbound.closes.length > 0 && inbound.closes.length > 0, 'both closes');
			same([outbound.closes, inbound.closes], [['link-lost'], ['link-lost']], 'closes');
		})
	},
	{
		name: 'links beyond the limit are refused, with the reason sent ahead',
		async run(create) {
			const refusal = [patterned(8, 1), patterned(9, 2)];
			const nodes = [start(create({ maxConnections: 2, refusal })), ...[1, 2, 3].map(() => start(create()))];
			try {
				await until(() => nodes.every(({ network }) => network.peerId), 'registrations');
				const [full, a, b, c] = nodes as [Node, Node, Node, Node];
				const [, kept] = [await link(a, full), await link(full, b)];
				const refused = observe(await c.network.connect(full.id));
				await until(() => refused.closes.length > 0, 'refusal');
				same(refused.pieces, refusal, 'pieces of the refusal');
				same(full.inbound.length, 1, 'inbound links');
				await refuses(() => full.network.connect(c.id), 'too-many-peers');
				kept[0].connection.close('unlinked');
				await link(full, c);
			} finally {
				stopAll(nodes);
			}
		}
	},
	{
		name: 'who leaves closes the links, cannot dial and cannot be dialled',
		run: withNodes(3, async ([a, b, c]) => {
			const [outbound, inbound] = await link(a, b);
			outbound.connection.send(patterned(4, 4));
			a.network.stop();
			await until(() => inbound.closes.length > 0, 'close at the other side');
			same([outbound.closes, inbound.closes], [['unlinked'], ['link-lost']], 'closes');
			same(inbound.pieces.length, 1, 'pieces before leaving');
			await refuses(() => a.network.connect(b.id), 'signalling-unreachable');
			await refuses(() => c.network.connect(a.id), 'unknown-peer');
			same(a.network.signalling, 'offline', 'state');
		})
	}
];

interface End {
	readonly connection: Connection;
	readonly pieces: Uint8Array[];
	readonly closes: string[];
}

interface Node {
	readonly network: Network;
	readonly id: PeerId;
	readonly states: string[];
	readonly inbound: End[];
	greet: Uint8Array | undefined;
}

function start(network: Network): Node {
	const node: Node = {
		network,
		states: [],
		inbound: [],
		greet: undefined,
		get id() {
			if (network.peerId === undefined) throw new Error('Not registered.');
			return network.peerId;
		}
	};
	network.start({
		connection(connection) {
			node.inbound.push(observe(connection));
			if (node.greet) connection.send(node.greet);
		},
		signalling: (state) => void node.states.push(state)
	});
	return node;
}

function stopAll(nodes: readonly Node[]): void {
	for (const { network } of nodes) network.stop();
}

type Nodes = [Node, Node, Node];

function withNodes(count: number, body: (nodes: Nodes) => Promise<void>): (create: CreateNetwork) => Promise<void> {
	return async (create) => {
		const nodes = Array.from({ length: count }, () => start(create()));
		try {
			await until(() => nodes.every(({ network }) => network.peerId), 'registrations');
			await body(nodes as Nodes);
		} finally {
			stopAll(nodes);
		}
	};
}

function observe(connection: Connection): End {
	const end: End = { connection, pieces: [], closes: [] };
	connection.onPiece = (piece) => void end.pieces.push(piece.slice());
	connection.onClose = (code) => void end.closes.push(code);
	return end;
}

/** A link and its two ends, the dialler's first. */
async function link(from: Node, to: Node): Promise<[End, End]> {
	const before = to.inbound.length;
	const outbound = observe(await from.network.connect(to.id));
	await until(() => to.inbound.length > before, 'the inbound end');
	return [outbound, to.inbound[before] as End];
}

function patterned(length: number, seed: number): Uint8Array {
	return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) + seed * 17) % 256);
}

async function until(condition: () => unknown, what: string): Promise<void> {
	const endsAt = performance.now() + WAIT_MS;
	while (!condition()) {
		if (performance.now() > endsAt) throw new Error(`Waited in vain for ${what}.`);
		await pause(5);
	}
}

function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

function check(condition: boolean, what: string): void {
	if (!condition) throw new Error(`Not so: ${what}.`);
}

function same(actual: unknown, expected: unknown, what: string): void {
	const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
	if (found !== wanted) throw new Error(`${what}: expected ${wanted}, got ${found}`);
}

function sameBytes(actual: Uint8Array | undefined, expected: Uint8Array | undefined, what: string): void {
	const equal = actual?.length === expected?.length && actual?.every((byte, i) => byte === expected?.[i]);
	check(equal === true, `${what} is as it was sent`);
}

async function refuses(action: () => Promise<unknown>, code: PollenError['code']): Promise<void> {
	try {
		await action();
	} catch (error) {
		same(error instanceof PollenError ? error.code : String(error), code, 'code of the refusal');
		return;
	}
	throw new Error(`Expected a refusal with ${code}, but nothing was refused.`);
}
