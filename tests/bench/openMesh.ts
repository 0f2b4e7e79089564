import { expectMesh } from '../e2e/support/mesh';
import type { Tab } from '../e2e/support/tab';
import type { BenchElection } from './benchElection';
import type { BenchSite } from './benchSite';
import { showProgress } from './showProgress';

/** Tabs that show the election's results, each in a profile of its own, linked as they found each other. */
export async function openMesh(site: BenchSite, election: BenchElection, count: number): Promise<Tab[]> {
	const tabs = [await site.openFirstTab(election)];
	// One after the other, as people come: what is measured begins when all are there.
	while (tabs.length < count) {
		tabs.push(await site.openTab(election));
		showProgress(tabs.length, count, 'tabs opened');
	}
	await expectMesh(tabs);
	return tabs;
}
