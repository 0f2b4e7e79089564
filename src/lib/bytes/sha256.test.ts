import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from './compare';
import { bytesToHex } from './hex';
import { sha256, sha256Hash } from './sha256';
import { utf8 } from './text';

describe('sha256', () => {
	// The examples of FIPS 180-2, appendix B.
	it.each([
		['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
		['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
		[
			'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
			'248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'
		]
	])('of %j', (text, hash) => {
		expect(sha256Hash(utf8(text))).toBe(hash);
	});

	it('hashes the parts as if they were one, as another implementation does', () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (parts) => {
				const expected = createHash('sha256')
					.update(concatBytes(...parts))
					.digest('hex');
				expect(bytesToHex(sha256(...parts))).toBe(expected);
				expect(sha256Hash(...parts)).toBe(expected);
			})
		);
	});
});
