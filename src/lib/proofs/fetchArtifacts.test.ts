import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bytesEqual } from '../bytes/compare';
import { PROOF_DEPTHS } from '../election/proofDepth';
import { ARTIFACT_HASHES } from './artifactHashes';
import { ARTIFACT_KINDS } from './artifacts';
import { fetchArtifacts } from './fetchArtifacts';
import { nodeArtifacts } from './nodeArtifacts';

const BASE_URL = 'https://example.org/elections/';
const load = fetchArtifacts(BASE_URL);
const answer = (body: Uint8Array<ArrayBuffer> | string, status = 200): Response => new Response(body, { status });
const real = async () => (await nodeArtifacts(10, 'wasm')) as Uint8Array<ArrayBuffer>;

const fetched = vi.fn<(url: URL, options: RequestInit) => Promise<Response>>();
vi.stubGlobal('fetch', fetched);
afterEach(() => fetched.mockReset());

describe('ARTIFACT_HASHES', () => {
	const all = PROOF_DEPTHS.flatMap((depth) => ARTIFACT_KINDS.map((kind) => ({ depth, kind })));

	it.each(all)('holds for the installed $kind of depth $depth', async ({ depth, kind }) => {
		const digest = createHash('sha256').update(await nodeArtifacts(depth, kind));
		expect(digest.digest('hex')).toBe(ARTIFACT_HASHES[depth][kind]);
	});
});

describe('fetchArtifacts', () => {
	it('loads from beside the page', async () => {
		const bytes = await real();
		fetched.mockResolvedValue(answer(bytes));
		expect(bytesEqual(await load(10, 'wasm'), bytes)).toBe(true);
		expect(fetched.mock.calls.map(([url]) => url.href)).toEqual([`${BASE_URL}artifacts/semaphore-10.wasm`]);
	});

	it('goes round a cache that holds something else', async () => {
		const bytes = await real();
		fetched.mockResolvedValueOnce(answer('outdated')).mockResolvedValueOnce(answer(bytes));
		expect(bytesEqual(await load(10, 'wasm'), bytes)).toBe(true);
		expect(fetched.mock.calls.map(([, { cache }]) => cache)).toEqual(['default', 'reload']);
	});

	it('rejects what is not the artifact', async () => {
		fetched.mockImplementation(async () => answer('<!doctype html>'));
		await expect(load(10, 'wasm')).rejects.toMatchObject({ code: 'artifact-corrupt' });
		const changed = await real();
		changed[1000] = (changed[1000] ?? 0) ^ 1;
		fetched.mockImplementation(async () => answer(changed));
		await expect(load(10, 'wasm')).rejects.toMatchObject({ code: 'artifact-corrupt' });
		fetched.mockImplementation(async () => answer(await real()));
		await expect(load(16, 'wasm')).rejects.toMatchObject({ code: 'artifact-corrupt' });
	});

	it('rejects when there is no answer, or none that helps', async () => {
		fetched.mockRejectedValue(new TypeError('Failed to fetch'));
		await expect(load(10, 'zkey')).rejects.toMatchObject({ code: 'artifact-unreachable' });
		fetched.mockResolvedValue(answer('not found', 404));
		await expect(load(10, 'zkey')).rejects.toMatchObject({ code: 'artifact-unreachable' });
	});
});
