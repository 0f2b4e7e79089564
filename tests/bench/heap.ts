import type { CDPSession, Page } from '@playwright/test';

/** Bytes in use after a garbage collection. */
export interface HeapUse {
	/** The page and each of its workers: their JavaScript objects. */
	readonly objects: number;
	/** What their buffers hold beside that, WebAssembly's memory included. */
	readonly buffers: number;
	/** Isolates, by kind. */
	readonly isolates: readonly { readonly name: string; readonly objects: number; readonly buffers: number }[];
}

type Send = (method: string) => Promise<unknown>;

/** The JavaScript heap of a page and of its workers, by the browser's own account (DevTools protocol, `Runtime.getHeapUsage`). */
export async function heapOf(page: Page): Promise<HeapUse> {
	const session = await page.context().newCDPSession(page);
	const workers = await attachToWorkers(session);
	const targets = [{ name: 'page', send: ((method) => session.send(method as 'Runtime.enable')) as Send }, ...workers];
	const isolates: HeapUse['isolates'][number][] = [];
	for (const { name, send } of targets) {
		await send('HeapProfiler.collectGarbage');
		const use = (await send('Runtime.getHeapUsage')) as { usedSize: number; backingStorageSize?: number };
		isolates.push({ name, objects: use.usedSize, buffers: use.backingStorageSize ?? 0 });
	}
	await session.detach();
	const sum = (of: 'objects' | 'buffers') => isolates.reduce((total, isolate) => total + isolate[of], 0);
	return { objects: sum('objects'), buffers: sum('buffers'), isolates };
}

/** Workers are targets of their own, which the page's session hands messages on to. */
async function attachToWorkers(session: CDPSession): Promise<{ readonly name: string; readonly send: Send }[]> {
	const attached: { readonly name: string; readonly sessionId: string }[] = [];
	session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) =>
		attached.push({ sessionId, name: targetInfo.title || targetInfo.url })
	);
	const waiting = new Map<number, (result: unknown) => void>();
	session.on('Target.receivedMessageFromTarget', ({ message }) => {
		const { id, result } = JSON.parse(message) as { id?: number; result?: unknown };
		if (id !== undefined) waiting.get(id)?.(result);
	});
	await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
	let lastId = 0;
	return attached.map(({ name, sessionId }) => ({
		name,
		send: (method) =>
			new Promise((resolve, reject) => {
				const id = ++lastId;
				waiting.set(id, resolve);
				session
					.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) })
					.catch(reject);
			})
	}));
}
