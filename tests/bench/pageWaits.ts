import type { Page } from '@playwright/test';

/** How long a page let things wait, at the longest; ms. */
export interface PageWaits {
	/** A timer, beyond the time for which it was set: as long a visitor's click may have waited. */
	readonly timer: number;
	/** Between two animation frames. */
	readonly frame: number;
}

/** Watches a page's main thread for so long. */
export async function pageWaits(page: Page, durationMs: number): Promise<PageWaits> {
	return await page.evaluate(watchWaits, durationMs);
}

/** Runs in the page. Written without named functions inside, for which the compiler would want a helper that pages lack. */
async function watchWaits(durationMs: number): Promise<PageWaits> {
	const endMs = performance.now() + durationMs;
	const waits = { timer: 0, frame: 0 };
	await Promise.all([
		(async () => {
			for (let now = performance.now(); now < endMs;) {
				await new Promise((resolve) => setTimeout(resolve, 10));
				waits.timer = Math.max(waits.timer, performance.now() - now - 10);
				now = performance.now();
			}
		})(),
		(async () => {
			for (let now = performance.now(); now < endMs;) {
				await new Promise((resolve) => requestAnimationFrame(resolve));
				waits.frame = Math.max(waits.frame, performance.now() - now);
				now = performance.now();
			}
		})()
	]);
	return waits;
}
