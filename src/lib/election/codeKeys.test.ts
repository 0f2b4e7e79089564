import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/code-keys.json';
import { refusalOf } from '../bytes/testing/refusalOf';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { credentialKeyOf, enrolmentKeyOf, organiserKeyOf, votingCodeOf } from './codeKeys';
import { DEMO_VOTERS } from './demo';
import { publicKeyOf } from './signing';
import { formatCode, isWellFormedCode, normaliseCode } from './votingCode';

const anySecret = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anyVoterId = fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }).filter((id) => id.isWellFormed());

describe('the golden keys', () => {
	it.each(vectors.codes)('of the code "$typed"', ({ typed, credentialKey, enrolmentKey, enrolmentPublicKey }) => {
		expect(bytesToHex(credentialKeyOf(typed))).toBe(credentialKey);
		expect(bytesToHex(enrolmentKeyOf(typed))).toBe(enrolmentKey);
		expect(publicKeyOf(enrolmentKeyOf(typed))).toBe(enrolmentPublicKey);
	});

	it.each(vectors.organisers)('of the secret $secret', ({ secret, organiserKey, organiser, voters }) => {
		expect(bytesToHex(organiserKeyOf(hexToBytes(secret)))).toBe(organiserKey);
		expect(publicKeyOf(organiserKeyOf(hexToBytes(secret)))).toBe(organiser);
		for (const { voterId, code } of voters) expect(votingCodeOf(hexToBytes(secret), voterId)).toBe(code);
	});
});

describe('the keys of a voting code', () => {
	it('do not depend on how it is typed', () => {
		for (const { code } of DEMO_VOTERS) {
			for (const typed of [formatCode(code), formatCode(code).toLowerCase(), ` ${code.replaceAll('0', 'o')} `]) {
				expect(credentialKeyOf(typed)).toEqual(credentialKeyOf(code));
				expect(enrolmentKeyOf(typed)).toEqual(enrolmentKeyOf(code));
			}
		}
	});

	it('are all different, and none tells another', () => {
		const keys = DEMO_VOTERS.flatMap(({ code }) => [credentialKeyOf(code), enrolmentKeyOf(code)]);
		keys.push(...DEMO_VOTERS.map(({ code }) => createHash('sha256').update(code).digest()));
		expect(new Set(keys.map(bytesToHex)).size).toBe(keys.length);
	});
});

describe('what an organiser derives', () => {
	it('is the same each time, and well formed', () => {
		fc.assert(
			fc.property(anySecret, anyVoterId, (secret, voterId) => {
				const code = votingCodeOf(secret, voterId);
				expect(votingCodeOf(Uint8Array.from(secret), voterId)).toBe(code);
				expect(isWellFormedCode(code)).toBe(true);
				expect(normaliseCode(code)).toBe(code);
				expect(organiserKeyOf(Uint8Array.from(secret))).toEqual(organiserKeyOf(secret));
			})
		);
	});

	it('differs from voter to voter and from secret to secret', () => {
		fc.assert(
			fc.property(
				anySecret,
				fc.uniqueArray(anyVoterId, { minLength: 2, maxLength: 8 }),
				fc.nat(255),
				(secret, ids, bit) => {
					expect(new Set(ids.map((id) => votingCodeOf(secret, id))).size).toBe(ids.length);
					const other = secret.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
					expect(votingCodeOf(other, ids[0] ?? '')).not.toBe(votingCodeOf(secret, ids[0] ?? ''));
					expect(organiserKeyOf(other)).not.toEqual(organiserKeyOf(secret));
				}
			)
		);
	});

	it('takes the voter ID byte by byte: it is not normalised', () => {
		const secret = new Uint8Array(32);
		const codes = ['é', 'e\u0301', 'É', ' é', 'é '].map((voterId) => votingCodeOf(secret, voterId));
		expect(new Set(codes).size).toBe(codes.length);
	});

	it('refuses a voter ID that has no bytes', () => {
		expect(refusalOf(() => votingCodeOf(new Uint8Array(32), '\ud800'))).toBe('bad-encoding');
	});

	it.each([0, 16, 31, 33, 64])(
		'refuses a secret of %i bytes, which somebody could guess or split in two ways',
		(length) => {
			expect(refusalOf(() => organiserKeyOf(new Uint8Array(length)))).toBe('bad-encoding');
			expect(refusalOf(() => votingCodeOf(new Uint8Array(length), 'V1'))).toBe('bad-encoding');
		}
	);
});
