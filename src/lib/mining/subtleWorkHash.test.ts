import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { workHashSync, workMessage } from '../chain/work';
import { subtleDigest, subtleWorkHash } from './subtleWorkHash';

const HEADER = Uint8Array.from({ length: 117 }, (_, index) => index);

describe('subtleWorkHash', () => {
	afterEach(() => vi.unstubAllGlobals());

	it('agrees with the synchronous one and with native SHA-256', async () => {
		const native = createHash('sha256').update(workMessage(HEADER)).digest('hex');
		expect(await subtleWorkHash(HEADER)).toBe(native);
		expect(workHashSync(HEADER)).toBe(native);
	});

	it('rejects a header of the wrong length', async () => {
		await expect(subtleWorkHash(HEADER.subarray(1))).rejects.toMatchObject({ code: 'bad-encoding' });
	});

	it('rejects with insecure-context where WebCrypto is missing', async () => {
		vi.stubGlobal('crypto', {});
		await expect(subtleWorkHash(HEADER)).rejects.toMatchObject({ name: 'PollenError', code: 'insecure-context' });
	});

	it('takes a copy of the message, so that the next nonce can be written at once', async () => {
		const message = workMessage(HEADER);
		const expected = createHash('sha256').update(message).digest('hex');
		const digest = subtleDigest(message);
		message[7] = 0xff;
		expect(Buffer.from(await digest).toString('hex')).toBe(expected);
	});
});
