import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './test';

/** Both sizes and both colours, each with the other once: a journey is walked once, and four looks would show little more. */
const LOOKS = [
	{ colorScheme: 'dark', width: 390, height: 844 },
	{ colorScheme: 'light', width: 1280, height: 800 }
] as const;

/** Asserts that a page, as it stands, has no serious fault that axe can find and does not scroll sideways, in light and dark, wide and narrow. */
export async function expectSound(page: Page, where: string): Promise<void> {
	// A page that is still being drawn has no title yet.
	await expect(page).toHaveTitle(/Pollen/);
	for (const { colorScheme, ...size } of LOOKS) {
		await page.emulateMedia({ colorScheme });
		await page.setViewportSize(size);
		const look = `${where}, ${colorScheme}, ${size.width} px`;
		// Without frames its older way finds the same, and opens no second page to put results together.
		const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
		const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
		expect(
			serious.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) })),
			look
		).toEqual([]);
		const overhangPx = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
		expect(overhangPx, look).toBeLessThanOrEqual(0);
	}
}
