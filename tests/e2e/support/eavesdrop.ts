import type { BrowserContext, Page } from '@playwright/test';

declare global {
	/** Everything that left this page, as Latin-1 text, one string a message. */
	var sentByPage: string[];
}

/** Notes, from before the first script on, everything that pages of a context send: data channels, sockets, requests. */
export async function eavesdrop(context: BrowserContext): Promise<void> {
	await context.addInitScript(() => {
		globalThis.sentByPage = [];
		const note = (data: unknown): void => {
			if (typeof data === 'string') globalThis.sentByPage.push(data);
			else if (data instanceof ArrayBuffer) noteBytes(new Uint8Array(data));
			else if (ArrayBuffer.isView(data)) noteBytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
		};
		const noteBytes = (bytes: Uint8Array): void => {
			globalThis.sentByPage.push(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
		};
		const tap = (prototype: object, name: string): void => {
			const original = Reflect.get(prototype, name) as (...parts: unknown[]) => unknown;
			Reflect.set(prototype, name, function (this: unknown, ...parts: unknown[]) {
				parts.forEach(note);
				return original.apply(this, parts);
			});
		};
		tap(RTCDataChannel.prototype, 'send');
		tap(WebSocket.prototype, 'send');
		tap(XMLHttpRequest.prototype, 'open');
		tap(XMLHttpRequest.prototype, 'send');
		const fetched = globalThis.fetch;
		globalThis.fetch = async (input, init) => {
			note(input instanceof Request ? input.url : String(input));
			note(init?.body);
			return await fetched(input, init);
		};
	});
}

export async function sentBy(page: Page): Promise<string[]> {
	return await page.evaluate(() => globalThis.sentByPage);
}

export interface DatabaseRecord {
	readonly database: string;
	readonly store: string;
	/** The whole record: bytes as Latin-1 text, everything else as it is. */
	readonly text: string;
}

/** Every record of every database of the page's profile. */
export async function recordsOf(page: Page): Promise<DatabaseRecord[]> {
	return await page.evaluate(async () => {
		const asText = (value: unknown): string => {
			if (value instanceof ArrayBuffer) return asText(new Uint8Array(value));
			if (value instanceof Uint8Array) return Array.from(value, (byte) => String.fromCharCode(byte)).join('');
			if (Array.isArray(value)) return value.map(asText).join(' ');
			if (typeof value === 'object' && value !== null) return Object.values(value).map(asText).join(' ');
			return String(value);
		};
		const wait = <T>(request: IDBRequest<T>) =>
			new Promise<T>((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error);
			});
		const found: { database: string; store: string; text: string }[] = [];
		for (const { name } of await indexedDB.databases()) {
			const database = await wait(indexedDB.open(name!));
			for (const store of database.objectStoreNames) {
				const values = await wait(database.transaction(store).objectStore(store).getAll());
				for (const value of values) found.push({ database: name!, store, text: asText(value) });
			}
			database.close();
		}
		return found;
	});
}
