import { expect } from '@playwright/test';
import type { Tab } from './tab';

/** Waits until each of these tabs can be reached from each other over links that both ends have. */
export async function expectMesh(tabs: readonly Tab[]): Promise<void> {
	await expect.poll(() => reachable(tabs), 'every tab is reached by links').toBe(tabs.length);
}

/** How many of the tabs the first one reaches, itself included. */
async function reachable(tabs: readonly Tab[]): Promise<number> {
	const statuses = await Promise.all(tabs.map((tab) => tab.status()));
	const peersOf = new Map(statuses.map(({ peerId, peers }) => [peerId, peers]));
	const reached = new Set([statuses[0]?.peerId]);
	for (const peerId of reached) {
		for (const other of peersOf.get(peerId) ?? []) {
			if (peerId !== undefined && peersOf.get(other)?.includes(peerId)) reached.add(other);
		}
	}
	return reached.size;
}

/** Waits until every tab knows so many ballots, whether recorded or waiting to be. */
export async function expectKnown(tabs: readonly Tab[], ballots: number): Promise<void> {
	await expect
		.poll(() => Promise.all(tabs.map((tab) => knownBallots(tab))), `${ballots} ballots are known to all`)
		.toEqual(tabs.map(() => ballots));
}

async function knownBallots({ page }: Tab): Promise<number> {
	return await page.evaluate(() => globalThis.pollen!.results().ballots + globalThis.pollen!.status().pending);
}
