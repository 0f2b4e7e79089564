/** What observers of the timeline hear of the node while `task` runs: `<name> <count>`. */
export async function heardTimes(task: () => unknown): Promise<string[]> {
	const heard: string[] = [];
	const observer = new PerformanceObserver((list) =>
		heard.push(...list.getEntries().map((entry) => `${entry.name} ${(entry as PerformanceMeasure).detail}`))
	);
	observer.observe({ type: 'measure' });
	await task();
	// Observers are told in a task of their own.
	await new Promise((resolve) => setTimeout(resolve, 20));
	observer.disconnect();
	return heard;
}
