import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesEqual, concatBytes } from './compare';

describe('bytesEqual', () => {
	it('is true for equal bytes in different arrays', () => {
		fc.assert(fc.property(fc.uint8Array(), (bytes) => bytesEqual(bytes, Uint8Array.from(bytes))));
	});

	it('is false when one byte differs, or one is longer', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, at, change) => {
				const other = Uint8Array.from(bytes);
				other[at % other.length]! ^= change;
				expect(bytesEqual(bytes, other)).toBe(false);
				expect(bytesEqual(bytes, bytes.subarray(1))).toBe(false);
				expect(bytesEqual(bytes.subarray(0, -1), bytes)).toBe(false);
			})
		);
	});
});

describe('concatBytes', () => {
	it('joins in order, into a new array', () => {
		const first = Uint8Array.of(1, 2);
		const joined = concatBytes(first, new Uint8Array(0), Uint8Array.of(3));
		expect([...joined]).toEqual([1, 2, 3]);
		joined[0] = 9;
		expect(first[0]).toBe(1);
		expect(concatBytes()).toHaveLength(0);
	});
});
