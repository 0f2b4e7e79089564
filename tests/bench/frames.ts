import type { Page } from '@playwright/test';

const STEP_PX = 600;
const STEPS = { atLeast: 40, atMost: 400 };

/** Turns the wheel from the top of a page to its end; returns the times between its frames meanwhile, in ms. */
export async function framesOfScrolling(page: Page): Promise<number[]> {
	await page.evaluate(() => scrollTo(0, 0));
	const { width, height } = page.viewportSize()!;
	await page.mouse.move(width / 2, height / 2);
	const total = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
	const steps = Math.min(STEPS.atMost, Math.max(STEPS.atLeast, Math.ceil(total / STEP_PX)));
	await startNotingFrames(page);
	for (let step = 0; step < steps; step++) await page.mouse.wheel(0, total / steps);
	return await notedFrames(page);
}

declare global {
	/** When the frames of the page began, while they are noted. */
	var frameTimes: number[] | undefined;
}

async function startNotingFrames(page: Page): Promise<void> {
	await page.evaluate(() => {
		const times: number[] = (globalThis.frameTimes = []);
		void (async () => {
			while (globalThis.frameTimes === times) times.push(await new Promise<number>(requestAnimationFrame));
		})();
	});
}

async function notedFrames(page: Page): Promise<number[]> {
	return await page.evaluate(() => {
		const times = globalThis.frameTimes!;
		globalThis.frameTimes = undefined;
		return times.slice(1).map((time, index) => time - times[index]!);
	});
}
