import type { Hash, Nullifier } from '../../src/lib/bytes/hash';
import { hashFromBytes } from '../../src/lib/bytes/hex';
import { decodeTransaction, encodeTransaction, type Ballot } from '../../src/lib/election/transaction';
import type { Network } from '../../src/lib/network/port';
import { encodeFrame, FrameReader } from '../../src/lib/wire/frame';
import type { WireMessage } from '../../src/lib/wire/messages';
import { wrapConnections } from '../support/wrapConnections';
import type { Random } from './random';

/** What a lying node does: claims more work than there is, keeps every body back, and so on. */
export const LIES = ['work', 'withholding', 'headers', 'inventory', 'blocks', 'double-votes'] as const;
export type Lie = (typeof LIES)[number];

export interface LiesContext {
	readonly random: Random;
	/** Another ballot of the same credential, if the liar has one. */
	otherBallot(nullifier: Nullifier): Ballot | undefined;
}

/** The network of a node that is itself honest, and of which others hear lies. */
export function lyingNetwork(network: Network, lie: Lie, context: LiesContext): Network {
	return wrapConnections(network, (connection) => {
		const reader = new FrameReader();
		const send = connection.send.bind(connection);
		connection.send = (piece) => {
			const message = reader.push(piece.slice());
			const told = message && TELL[lie](message, context);
			for (const part of told ? encodeFrame(told) : []) send(part);
		};
	});
}

/** What is said instead of a message; undefined: nothing. */
type Tell = (message: WireMessage, context: LiesContext) => WireMessage | undefined;

const TELL: { readonly [L in Lie]: Tell } = {
	work: (message, { random }) => {
		if (message.type !== 'hello') return message;
		return { ...message, work: 2n ** 200n, height: 1_000_000, tip: randomHash(random) };
	},
	withholding: (message) => (message.type === 'block' || message.type === 'notFound' ? undefined : message),
	headers: (message, { random }) => {
		if (message.type !== 'headers' || message.headers.length === 0) return message;
		// One in two has a body that nobody can have, the other breaks a rule.
		const change = random.next() < 0.5 ? { merkleRoot: randomHash(random) } : { target: 1n };
		const at = random.below(message.headers.length);
		return {
			...message,
			headers: message.headers.map((header, index) => (index === at ? { ...header, ...change } : header))
		};
	},
	inventory: (message, { random }) =>
		message.type === 'inventory' ? { ...message, ids: message.ids.map(() => randomHash(random)) } : message,
	blocks: (message, { random }) => {
		if (message.type !== 'block') return message;
		const block = message.block.slice();
		const at = random.below(block.length);
		block[at] = (block[at] ?? 0) ^ (1 + random.below(255));
		return { ...message, block };
	},
	'double-votes': (message, { random, otherBallot }) => {
		if (message.type !== 'transaction' || random.next() < 0.5) return message;
		const transaction = decodeTransaction(message.transaction);
		const other = transaction.kind === 'ballot' ? otherBallot(transaction.nullifier) : undefined;
		return other ? { ...message, transaction: encodeTransaction(other) } : message;
	}
};

function randomHash(random: Random): Hash {
	return hashFromBytes(Uint8Array.from({ length: 32 }, () => random.below(256)));
}
