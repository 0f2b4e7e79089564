import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bytesEqual } from '../bytes/compare';
import { PROOF_DEPTHS } from '../election/proofDepth';
import { ARTIFACT_KINDS } from './artifacts';
import { memoryByteCache, storedByteCache, type ByteCache } from './byteCache';
import { fetchArtifacts } from './fetchArtifacts';
import { KNOWN_ARTIFACTS } from './knownArtifacts';
import { nodeArtifacts } from './nodeArtifacts';

const BASE_URL = 'https://example.org/elections/';
const NAME = KNOWN_ARTIFACTS[10].wasm.sha256;
const answer = (body: BodyInit, status = 200): Response => new Response(body, { status });
const real = async () => (await nodeArtifacts(10, 'wasm')) as Uint8Array<ArrayBuffer>;
const changed = async () => {
	const bytes = await real();
	bytes[1000] = (bytes[1000] ?? 0) ^ 1;
	return bytes;
};

const fetched = vi.fn<(url: URL, options: RequestInit) => Promise<Response>>();
vi.stubGlobal('fetch', fetched);
afterEach(() => fetched.mockReset());

describe('KNOWN_ARTIFACTS', () => {
	const all = PROOF_DEPTHS.flatMap((depth) => ARTIFACT_KINDS.map((kind) => ({ depth, kind })));

	it.each(all)('are the installed $kind of depth $depth', async ({ depth, kind }) => {
		const bytes = await nodeArtifacts(depth, kind);
		const sha256 = createHash('sha256').update(bytes).digest('hex');
		expect({ sha256, byteLength: bytes.length }).toEqual(KNOWN_ARTIFACTS[depth][kind]);
	});
});

describe('fetching artifacts', () => {
	const load = fetchArtifacts(BASE_URL, memoryByteCache());

	it('rejects what is not the artifact', async () => {
		const bytes = await real();
		const others = ['<!doctype html>', await changed(), bytes.subarray(1), new Blob([bytes, bytes])];
		for (const body of others) {
			fetched.mockImplementation(async () => answer(body));
			await expect(load(10, 'wasm')).rejects.toMatchObject({ code: 'artifact-corrupt' });
		}
		fetched.mockImplementation(async () => answer(bytes));
		await expect(load(16, 'wasm')).rejects.toMatchObject({ code: 'artifact-corrupt' });
	});

	it('rejects when there is no answer, none that helps, or none that ends', async () => {
		fetched.mockRejectedValue(new TypeError('Failed to fetch'));
		await expect(load(10, 'zkey')).rejects.toMatchObject({ code: 'artifact-unreachable' });
		fetched.mockResolvedValue(answer('not found', 404));
		await expect(load(10, 'zkey')).rejects.toMatchObject({ code: 'artifact-unreachable' });
		const broken = new ReadableStream({ start: (stream) => stream.error(new TypeError('network error')) });
		fetched.mockResolvedValue(answer(broken));
		await expect(load(10, 'zkey')).rejects.toMatchObject({ code: 'artifact-unreachable' });
	});

	it('reads no further than an artifact can reach', async () => {
		const cancel = vi.fn();
		const endless = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(1_000_000)), cancel });
		fetched.mockResolvedValue(answer(endless));
		await expect(load(10, 'wasm')).rejects.toMatchObject({ code: 'artifact-corrupt' });
		expect(cancel).toHaveBeenCalled();
	});

	it('loads from beside the page, not from the cache of the browser, and tells how far it is', async () => {
		const bytes = await real();
		const inTwo = new ReadableStream({
			start(stream) {
				stream.enqueue(bytes.subarray(0, 1_000));
				stream.enqueue(bytes.subarray(1_000));
				stream.close();
			}
		});
		fetched.mockResolvedValue(answer(inTwo));
		const onBytes = vi.fn();
		expect(bytesEqual(await load(10, 'wasm', onBytes), bytes)).toBe(true);
		expect(onBytes.mock.calls).toEqual([[0], [1_000], [bytes.length]]);
		expect(fetched.mock.calls.map(([url, { cache }]) => [url.href, cache])).toEqual([
			[`${BASE_URL}artifacts/semaphore-10.wasm`, 'no-store']
		]);
	});
});

describe('artifacts that were kept', () => {
	/** Loads once with this cache, from a server that has the artifact; tells whether it was asked. */
	const loadWith = async (kept: ByteCache): Promise<boolean> => {
		fetched.mockReset();
		fetched.mockImplementation(async () => answer(await real()));
		expect(bytesEqual(await fetchArtifacts(BASE_URL, kept)(10, 'wasm'), await real())).toBe(true);
		return fetched.mock.calls.length > 0;
	};

	it('are not fetched again', async () => {
		const kept = memoryByteCache();
		expect(await loadWith(kept)).toBe(true);
		expect(await loadWith(kept)).toBe(false);
	});

	it('are fetched anew and replaced when they were damaged', async () => {
		const kept = memoryByteCache();
		for (const damaged of [await changed(), (await real()).subarray(1), new Uint8Array()]) {
			await kept.save(NAME, damaged);
			expect(await loadWith(kept)).toBe(true);
			expect(await loadWith(kept)).toBe(false);
		}
	});

	it('are never what was fetched and found wrong', async () => {
		const kept = memoryByteCache();
		fetched.mockImplementation(async () => answer(await changed()));
		await expect(fetchArtifacts(BASE_URL, kept)(10, 'wasm')).rejects.toMatchObject({ code: 'artifact-corrupt' });
		expect(await kept.load(NAME)).toBeUndefined();
	});

	it('are missed without harm where nothing can be kept', async () => {
		const full = {
			match: async () => undefined,
			delete: async () => false,
			put: () => Promise.reject(new Error('full'))
		};
		const storages = [undefined, { open: async () => full } as unknown as CacheStorage];
		for (const storage of storages) {
			const kept = storedByteCache('test', 6, storage);
			expect(await loadWith(kept)).toBe(true);
			expect(await loadWith(kept)).toBe(true);
		}
	});
});
