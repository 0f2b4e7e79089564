/**
 * Bytes kept between visits by name, where the browser may throw them away at any time. What comes back may be damaged:
 * whoever uses it checks it.
 */
export interface ByteCache {
	/** Undefined when nothing is kept under this name, or nothing can be kept here. Never rejects. */
	load(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
	/** Keeps bytes in place of those under this name. Never rejects: what cannot be kept is fetched or made again. */
	save(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** A cache is asked by address; nothing is ever fetched from this one. */
const ORIGIN = 'https://kept.invalid/';

/**
 * A {@link ByteCache} in the browser's Cache Storage, which pages and workers of one origin share.
 * @param cacheName of the cache in Cache Storage
 * @param limit how many names are kept: with one more, what was saved longest ago goes
 */
export function storedByteCache(
	cacheName: string,
	limit: number,
	storage: CacheStorage | undefined = globalThis.caches
): ByteCache {
	const open = async (): Promise<Cache | undefined> => await storage?.open(cacheName);
	const load = async (name: string): Promise<Uint8Array<ArrayBuffer> | undefined> => {
		const response = await (await open())?.match(addressOf(name));
		return response && new Uint8Array(await response.arrayBuffer());
	};
	const save = async (name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
		const cache = await open();
		if (!cache) return;
		// What is put in place of another would keep the other's age.
		await cache.delete(addressOf(name));
		await cache.put(addressOf(name), new Response(bytes));
		const oldestFirst = await cache.keys();
		for (const request of oldestFirst.slice(0, Math.max(0, oldestFirst.length - limit))) await cache.delete(request);
	};
	return {
		load: (name) => load(name).catch(() => undefined),
		save: (name, bytes) => save(name, bytes).catch(() => undefined)
	};
}

/** For tests, and for where nothing is to be kept longer than the page. */
export function memoryByteCache(): ByteCache {
	const kept = new Map<string, Uint8Array<ArrayBuffer>>();
	return {
		load: async (name) => kept.get(name)?.slice(),
		save: async (name, bytes) => void kept.set(name, bytes.slice())
	};
}

function addressOf(name: string): string {
	return ORIGIN + encodeURIComponent(name);
}
