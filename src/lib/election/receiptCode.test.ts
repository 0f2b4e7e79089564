import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/receipt.json';
import type { Nullifier } from '../bytes/hash';
import { receiptCode } from './receiptCode';
import { sampleNullifier } from './testing/samples';

/** The same code by arithmetic on one large number. */
function receiptByArithmetic(nullifier: Nullifier): string {
	const digest = createHash('sha256').update('pollen/receipt/v1').update(nullifier, 'hex').digest('hex');
	let rest = BigInt(`0x${digest}`) >> 196n;
	let code = '';
	for (let i = 0; i < 12; i++) {
		code = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.charAt(Number(rest % 32n)) + code;
		rest /= 32n;
	}
	return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;
}

describe('receiptCode', () => {
	it.each(vectors.receipts)('$code', ({ nullifier, code }) => {
		expect(receiptCode(nullifier as Nullifier)).toBe(code);
	});

	it('is the first 60 bits of the digest', () => {
		for (let seed = 0; seed < 200; seed++) {
			expect(receiptCode(sampleNullifier(seed))).toBe(receiptByArithmetic(sampleNullifier(seed)));
		}
	});
});
