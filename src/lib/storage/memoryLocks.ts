/**
 * The part of the Web Locks API that slots use, for places that have none: exclusive locks, `ifAvailable` and `signal`.
 * Tabs of one profile share one instance.
 */
export function createMemoryLocks(): Pick<LockManager, 'request'> {
	const held = new Map<string, Promise<unknown>>();

	async function request(name: string, options: LockOptions, callback: LockGrantedCallback<unknown>): Promise<unknown> {
		while (held.has(name)) {
			if (options.ifAvailable) return callback(null);
			await untilReleased(held.get(name), options.signal);
		}
		const holding = Promise.resolve(callback({ name, mode: 'exclusive' }));
		held.set(name, holding);
		try {
			return await holding;
		} finally {
			held.delete(name);
		}
	}
	return { request } as Pick<LockManager, 'request'>;
}

async function untilReleased(holding: Promise<unknown> | undefined, signal: AbortSignal | undefined): Promise<void> {
	const aborted = new Promise<never>((_, reject) => {
		signal?.addEventListener('abort', () => reject(signal.reason as Error));
	});
	await Promise.race([holding, aborted]);
}
