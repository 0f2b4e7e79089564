import { describe, expect, it } from 'vitest';
import { memoryByteCache, storedByteCache } from './byteCache';

/** As much of the Cache Storage of browsers as is used, which keeps its entries in the order in which they were put. */
class FakeCache {
	readonly entries = new Map<string, Uint8Array<ArrayBuffer>>();
	async match(address: string): Promise<Response | undefined> {
		const bytes = this.entries.get(address);
		return bytes && new Response(bytes);
	}
	async put(address: string, response: Response): Promise<void> {
		this.entries.set(address, new Uint8Array(await response.arrayBuffer()));
	}
	async delete(request: string | { url: string }): Promise<boolean> {
		return this.entries.delete(typeof request === 'string' ? request : request.url);
	}
	async keys(): Promise<{ url: string }[]> {
		return [...this.entries.keys()].map((url) => ({ url }));
	}
}

const storageOf = (cache: Partial<FakeCache>) => ({ open: async () => cache }) as unknown as CacheStorage;
const bytesOf = (...values: number[]) => Uint8Array.from(values);

describe.each([
	['in memory', () => memoryByteCache()],
	['in Cache Storage', () => storedByteCache('test', 3, storageOf(new FakeCache()))]
])('bytes kept %s', (_, make) => {
	it('come back by name, the last ones that were saved', async () => {
		const cache = make();
		expect(await cache.load('a/b?c#d')).toBeUndefined();
		await cache.save('a/b?c#d', bytesOf(1, 2));
		await cache.save('other', bytesOf(9));
		expect(await cache.load('a/b?c#d')).toEqual(bytesOf(1, 2));
		await cache.save('a/b?c#d', bytesOf(3));
		expect(await cache.load('a/b?c#d')).toEqual(bytesOf(3));
	});
});

describe('bytes kept in Cache Storage', () => {
	it('are at most so many: what was saved longest ago goes', async () => {
		const cache = storedByteCache('test', 2, storageOf(new FakeCache()));
		await cache.save('first', bytesOf(1));
		await cache.save('second', bytesOf(2));
		await cache.save('first', bytesOf(1));
		await cache.save('third', bytesOf(3));
		expect(await cache.load('second')).toBeUndefined();
		expect(await cache.load('first')).toEqual(bytesOf(1));
		expect(await cache.load('third')).toEqual(bytesOf(3));
	});

	it('are nowhere, without an error, where there is no Cache Storage or it refuses', async () => {
		const refuse = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
		const refusing = storageOf({ match: refuse, put: refuse, delete: refuse, keys: refuse });
		const broken = { open: refuse } as unknown as CacheStorage;
		for (const storage of [undefined, refusing, broken]) {
			const cache = storedByteCache('test', 2, storage);
			await cache.save('a', bytesOf(1));
			expect(await cache.load('a')).toBeUndefined();
		}
	});
});
