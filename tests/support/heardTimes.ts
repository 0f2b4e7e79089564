/** What observers of the timeline hear of the node while `task` runs: `<name> <count>`. */
export async function heardTimes(task: () => unknown): Promise<string[]> {
	const heard: PerformanceEntry[] = [];
	const observer = new PerformanceObserver((list) => heard.push(...list.getEntries()));
	observer.observe({ type: 'measure' });
	await task();
	// Observers are told in a task of their own, which need not have come yet.
	heard.push(...observer.takeRecords());
	observer.disconnect();
	return heard.map((entry) => `${entry.name} ${(entry as PerformanceMeasure).detail}`);
}
