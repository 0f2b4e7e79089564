import * as P from 'micro-packed';
import { PollenError } from '../errors/pollenError';
import type { Hash } from './hash';
import { hashFromBytes, hashToBytes } from './hex';
import { fromUtf8, utf8 } from './text';

export type { CoderType } from 'micro-packed';

/**
 * Exactly `length` bytes, copied when decoded. micro-packed's own coder returns a view, which changes when a caller
 * reuses the buffer and keeps a whole frame in memory for the sake of a few bytes.
 */
export function fixedBytes(length: number): P.CoderType<Uint8Array> {
	return P.wrap<Uint8Array>({
		size: length,
		encodeStream: (writer, value) => {
			if (value.length !== length) throw writer.err(`expected ${length} bytes, got ${value.length}`);
			writer.bytes(value);
		},
		decodeStream: (reader) => new Uint8Array(reader.bytes(length))
	});
}

/** 32 bytes, in memory a {@link Hash}. */
export const hash32: P.CoderType<Hash> = P.wrap<Hash>({
	size: 32,
	encodeStream: (writer, hash) => writer.bytes(hashToBytes(hash)),
	decodeStream: (reader) => hashFromBytes(reader.bytes(32))
});

/** u8, u16 and u32 big-endian, in memory numbers. */
export const u8 = P.U8;
export const u16 = P.U16BE;
export const u32 = P.U32BE;

/** u64 big-endian, in memory a bigint. */
export const u64 = P.U64BE;

/** u256 big-endian (32 bytes), in memory a bigint. */
export const uint256 = P.U256BE;

/** u64 big-endian, in memory a number: values above 2^53 - 1 are refused, because a number would round them. */
export const u64number: P.CoderType<number> = P.wrap<number>({
	size: 8,
	encodeStream: (writer, value) => {
		if (!Number.isSafeInteger(value)) throw writer.err(`${value} is not a safe integer`);
		P.U64BE.encodeStream(writer, BigInt(value));
	},
	decodeStream: (reader) => {
		const value = P.U64BE.decodeStream(reader);
		if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw reader.err(`${value} is above 2^53 - 1`);
		return Number(value);
	}
});

/** A count or other small number that must lie in `minimum..maximum`; refused before anything it counts is read. */
export function ranged(coder: P.CoderType<number>, minimum: number, maximum: number): P.CoderType<number> {
	return P.validate(coder, (value) => {
		if (value < minimum || value > maximum) throw new RangeError(`${value} is not in ${minimum}..${maximum}`);
		return value;
	});
}

/** A list: how many (in `count`, at most `maximum`), then each. */
export function listOf<T>(count: P.CoderType<number>, maximum: number, inner: P.CoderType<T>): P.CoderType<T[]> {
	return P.array(ranged(count, 0, maximum), inner);
}

/** At most `maximum` bytes: their number (u32), then the bytes, copied when decoded. */
export function byteString(maximum: number): P.CoderType<Uint8Array> {
	const length = ranged(P.U32BE, 0, maximum);
	return P.wrap<Uint8Array>({
		encodeStream: (writer, value) => {
			length.encodeStream(writer, value.length);
			writer.bytes(value);
		},
		decodeStream: (reader) => Uint8Array.from(reader.bytes(length.decodeStream(reader)))
	});
}

/** UTF-8 text of at most `maximumBytes` bytes: their number (u8 up to 255, otherwise u16), then the bytes. */
export function shortText(maximumBytes: number): P.CoderType<string> {
	const length = ranged(maximumBytes <= 0xff ? P.U8 : P.U16BE, 0, maximumBytes);
	return P.wrap<string>({
		encodeStream: (writer, text) => {
			const bytes = utf8(text);
			length.encodeStream(writer, bytes.length);
			writer.bytes(bytes);
		},
		decodeStream: (reader) => fromUtf8(reader.bytes(length.decodeStream(reader)))
	});
}

/**
 * Decodes all of `bytes`: trailing bytes, wrong lengths and values out of range are errors.
 * @param what names the thing in the error message
 * @throws PollenError bad-encoding
 */
export function decodeStrict<T>(coder: P.CoderType<T>, bytes: Uint8Array, what: string): T {
	try {
		return coder.decode(bytes);
	} catch (cause) {
		throw new PollenError('bad-encoding', `${what} cannot be decoded`, { cause });
	}
}

/**
 * Encodes a value that may have come from JSON or a caller.
 * @param what names the thing in the error message
 * @throws PollenError bad-encoding
 */
export function encodeStrict<T>(coder: P.CoderType<T>, value: T, what: string): Uint8Array {
	try {
		return coder.encode(value);
	} catch (cause) {
		throw new PollenError('bad-encoding', `${what} cannot be encoded`, { cause });
	}
}
