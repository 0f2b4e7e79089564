/**
 * Runs a task and notes in the browser's timeline how long it took (User Timing): its profiler shows it, and whoever observes hears
 * of it.
 * @param count how many things it deals with
 */
export async function timed<T>(name: `pollen ${string}`, count: number, task: () => Promise<T>): Promise<T> {
	const start = performance.now();
	try {
		return await task();
	} finally {
		noteTime(name, count, start);
	}
}

/** The same of something that ends now. Nothing is kept, because a tab may run for weeks. */
export function noteTime(name: `pollen ${string}`, count: number, start: DOMHighResTimeStamp): void {
	performance.measure(name, { start, detail: count });
	performance.clearMeasures(name);
}
