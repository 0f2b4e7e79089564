let asked = false;

/**
 * Asks the browser once a page life not to evict what is stored here. The answer changes nothing that we do, so nobody
 * waits for it; browsers without the question are fine too.
 */
export function askForPersistence(storage: StorageManager | undefined = globalThis.navigator?.storage): void {
	if (asked || typeof storage?.persist !== 'function') return;
	asked = true;
	storage.persist().catch(() => undefined);
}
