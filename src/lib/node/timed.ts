/**
 * Runs a task and notes in the browser's timeline how long it took (User Timing): its profiler shows it, and whoever observes hears
 * of it. Nothing is kept, because a tab may run for weeks.
 * @param count how many things it deals with
 */
export async function timed<T>(name: `pollen ${string}`, count: number, task: () => Promise<T>): Promise<T> {
	const start = performance.now();
	try {
		return await task();
	} finally {
		performance.measure(name, { start, detail: count });
		performance.clearMeasures(name);
	}
}
