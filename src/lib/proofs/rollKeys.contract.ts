import { Identity } from '@semaphore-protocol/identity';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { credentialKeyOf, enrolmentKeyOf } from '../election/codeKeys';
import { bigintOfHash } from './fieldElement';
import type { RollKeys } from './port';

/** PKCS #8 of an Ed25519 secret key is this and the key (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

const codes = (count: number): string[] => Array.from({ length: count }, (_, index) => `CODE${index}`);

/** What every maker of roll keys does. */
export function describeRollKeys(name: string, open: () => RollKeys): void {
	describe(name, () => {
		it('makes identity commitments for issued codes, in order', async () => {
			const keys = await open().make('issued', codes(3));
			const expected = codes(3).map((code) => new Identity(credentialKeyOf(code)).commitment);
			expect(keys.map(bigintOfHash)).toEqual(expected);
		});

		it('makes Ed25519 public keys for enrolment, in order', async () => {
			const keys = await open().make('enrolment', codes(3));
			const expected = codes(3).map((code) => {
				const key = Buffer.concat([PKCS8, enrolmentKeyOf(code)]);
				const publicKey = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
				return publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
			});
			expect(keys).toEqual(expected);
		});

		it('tells how many are done, at least once every hundred and at the end', async () => {
			const told: number[] = [];
			const keys = await open().make('enrolment', codes(230), (done) => told.push(done));
			expect(new Set(keys).size).toBe(230);
			expect(told.at(-1)).toBe(230);
			const steps = told.map((done, index) => done - (told[index - 1] ?? 0));
			expect(Math.min(...steps)).toBeGreaterThan(0);
			expect(Math.max(...steps)).toBeLessThanOrEqual(100);
		});

		it('makes none for nobody', async () => {
			expect(await open().make('issued', [])).toEqual([]);
		});

		it('rejects when it is aborted, and tells nothing afterwards', async () => {
			const controller = new AbortController();
			const onProgress = vi.fn(() => controller.abort());
			const attempt = open().make('enrolment', codes(1000), onProgress, controller.signal);
			await expect(attempt).rejects.toMatchObject({ code: 'aborted' });
			await new Promise((resolve) => setTimeout(resolve, 50));
			expect(onProgress).toHaveBeenCalledTimes(1);
		});

		it('does not begin when it was aborted before', async () => {
			const onProgress = vi.fn();
			const attempt = open().make('issued', codes(1), onProgress, AbortSignal.abort());
			await expect(attempt).rejects.toMatchObject({ code: 'aborted' });
			expect(onProgress).not.toHaveBeenCalled();
		});

		it('says worker-failed when it breaks', async () => {
			const attempt = open().make('issued', [undefined as unknown as string]);
			await expect(attempt).rejects.toMatchObject({ code: 'worker-failed' });
		});
	});
}
