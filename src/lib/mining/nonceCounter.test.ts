import { describe, expect, it } from 'vitest';
import { NonceCounter } from './nonceCounter';

/** A message with this nonce, inside a larger buffer so that offsets matter, and a way to read it back. */
function message(nonce: bigint): { bytes: Uint8Array; nonce: () => bigint; tail: () => Uint8Array } {
	const buffer = new Uint8Array(32).fill(0xaa);
	const bytes = buffer.subarray(5, 25);
	const view = new DataView(bytes.buffer, bytes.byteOffset);
	view.setBigUint64(0, nonce);
	return { bytes, nonce: () => view.getBigUint64(0), tail: () => buffer.slice(13) };
}

describe('NonceCounter', () => {
	it.each([
		['counts', 0n, 1n],
		['carries into the high half', 0xffff_ffffn, 0x1_0000_0000n],
		['carries from any start', 0x1234_5678_ffff_ffffn, 0x1234_5679_0000_0000n],
		['goes on with 0 after the last', 2n ** 64n - 1n, 0n]
	])('%s', (_name, start, next) => {
		const { bytes, nonce, tail } = message(start);
		const counter = new NonceCounter(bytes);
		counter.increment();
		expect(nonce()).toBe(next);
		expect(counter.nonceAfter(1)).toBe(next);
		expect(tail().every((byte) => byte === 0xaa)).toBe(true);
	});

	it('knows the nonce after any number of increments', () => {
		const { bytes, nonce } = message(0xffff_fff0n);
		const counter = new NonceCounter(bytes);
		for (let increments = 0; increments < 40; increments++) {
			expect(counter.nonceAfter(increments)).toBe(nonce());
			counter.increment();
		}
	});
});
