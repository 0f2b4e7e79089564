import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { encodeFrame, FrameReader } from './frame';
import { MESSAGE_TYPES, type WireMessage } from './messages';

interface Vector {
	readonly name: string;
	readonly message: WireMessage;
	/** Hex of a frame that fits one piece. */
	readonly frame: string;
}

/** JSON holds neither bigints nor bytes: the vectors write them as `{"bigint": decimal}` and `{"bytes": hex}`. */
function revive(_key: string, value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if ('bigint' in value) return BigInt(value.bigint as string);
	if ('bytes' in value) return hexToBytes(value.bytes as string);
	return value;
}

const file = readFileSync(new URL('../../../tests/vectors/wire.json', import.meta.url), 'utf8');
const { vectors } = JSON.parse(file, revive) as { vectors: readonly Vector[] };

describe('golden frames', () => {
	it('are there for every message', () => {
		const covered = new Set(vectors.map(({ message }) => message.type));
		expect([...covered].sort()).toEqual(Object.keys(MESSAGE_TYPES).sort());
	});

	it.each(vectors)('$name is written as specified', ({ message, frame }) => {
		expect(encodeFrame(message).map(bytesToHex)).toEqual([frame]);
	});

	it.each(vectors)('$name is read as specified', ({ message, frame }) => {
		expect(new FrameReader().push(hexToBytes(frame))).toEqual(message);
	});
});
