import { expect, type BrowserContext } from '@playwright/test';
import type { ElectionId } from '../../../src/lib/bytes/hash';
import { encodeElection, type Election } from '../../../src/lib/election/definition';

interface NotedElection {
	readonly election: Election;
	readonly electionId: ElectionId;
}

/** Puts an election into a profile's wallet, as opening it once does. The home page makes the wallet. */
export async function noteElection(context: BrowserContext, { election, electionId }: NotedElection): Promise<void> {
	const page = await context.newPage();
	await page.goto('/');
	const databases = () => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
	await expect.poll(databases).toContain('pollen-wallet');
	await page.evaluate(
		// Without a named function inside, for which the compiler would want a helper that the page does not have.
		async ({ electionId, title, definition }) => {
			const wallet = await new Promise<IDBDatabase>((resolve, reject) => {
				const opening = indexedDB.open('pollen-wallet');
				opening.onsuccess = () => resolve(opening.result);
				opening.onerror = () => reject(opening.error!);
			});
			const transaction = wallet.transaction('elections', 'readwrite');
			transaction
				.objectStore('elections')
				.put({ electionId, title, definition: Uint8Array.from(definition), openedAt: 0 });
			await new Promise((resolve, reject) => {
				transaction.oncomplete = resolve;
				transaction.onabort = () => reject(transaction.error!);
			});
			wallet.close();
		},
		{ electionId, title: election.title, definition: [...encodeElection(election)] }
	);
	await page.close();
}
