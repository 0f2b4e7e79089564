import type { BrowserContext, Page } from '@playwright/test';

/** A stretch of a page's time, in ms since it was navigated to. */
export interface Stretch {
	readonly name: string;
	readonly startTime: number;
	readonly duration: number;
	/** How many things it dealt with, as far as somebody counted. */
	readonly count: number;
}

export interface PageNotes {
	readonly longTasks: Stretch[];
	readonly measures: Stretch[];
}

declare global {
	/** Set by {@link watchPages}. */
	var pageNotes: PageNotes | undefined;
}

/**
 * Has every page of a profile note, before its first script runs, all tasks of its main thread that take over 50 ms (Long Tasks
 * API) and everything that the node writes to the browser's timeline of performance (User Timing).
 */
export async function watchPages(context: BrowserContext): Promise<void> {
	await context.addInitScript(() => {
		globalThis.pageNotes = { longTasks: [], measures: [] };
		for (const [type, list] of [
			['longtask', globalThis.pageNotes.longTasks],
			['measure', globalThis.pageNotes.measures]
		] as const) {
			new PerformanceObserver((entries) => {
				for (const entry of entries.getEntries()) {
					const { name, startTime, duration } = entry;
					list.push({ name, startTime, duration, count: Number((entry as PerformanceMeasure).detail ?? 0) });
				}
			}).observe({ type, buffered: true });
		}
	});
}

export async function notesOf(page: Page): Promise<PageNotes> {
	// Observers are told in a task of their own.
	await page.waitForTimeout(50);
	return (await page.evaluate(() => globalThis.pageNotes))!;
}

/** How long at least one of these was going on. */
export function unionOf(stretches: readonly Stretch[]): number {
	let until = 0;
	let sum = 0;
	for (const { startTime, duration } of stretches.toSorted((a, b) => a.startTime - b.startTime)) {
		sum += Math.max(0, startTime + duration - Math.max(until, startTime));
		until = Math.max(until, startTime + duration);
	}
	return sum;
}
