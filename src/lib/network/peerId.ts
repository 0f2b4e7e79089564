import type { PeerId } from './port';

const PREFIX = 'p';
const RANDOM_BYTES = 10;

/** What a PeerServer takes for an ID and a message can carry: PeerServers take blanks too, which no node of ours uses. */
const PEER_ID_PATTERN = /^[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*$/;
const MAX_PEER_ID_LENGTH = 64;

/** A new peer ID: `p` and 20 random hex digits, so that nobody can guess or hold the next one. */
export function randomPeerId(fill: (bytes: Uint8Array<ArrayBuffer>) => void = fillRandom): PeerId {
	const bytes = new Uint8Array(RANDOM_BYTES);
	fill(bytes);
	return (PREFIX + Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')) as PeerId;
}

/** Whether a signalling server could know this ID at all. */
export function isPeerId(text: unknown): text is PeerId {
	return typeof text === 'string' && text.length <= MAX_PEER_ID_LENGTH && PEER_ID_PATTERN.test(text);
}

function fillRandom(bytes: Uint8Array<ArrayBuffer>): void {
	crypto.getRandomValues(bytes);
}
