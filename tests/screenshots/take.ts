import { join } from 'node:path';
import { chromium, type BrowserContext } from '@playwright/test';
import { preview } from 'vite';
import { ensureChromium } from '../support/chromium.mjs';
import { expectAgreement, Tab } from '../e2e/support/tab';

/**
 * Takes the pictures that README shows, of the built site with a real election in it: `npm run screenshots`.
 */
const FOLDER = import.meta.dirname;
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };
const BALLOTS = [
	['VOID001', 'Democratic Party'],
	['VOID004', 'Socialist Party'],
	['VOID007', 'Democratic Party'],
	['VOID009', 'Republican Party'],
	['VOID012', 'Democratic Party']
] as const;

const server = await preview({ preview: { port: 4190, strictPort: true } });
const browser = await chromium.launch({
	executablePath: ensureChromium(),
	args: process.getuid?.() === 0 ? ['--no-sandbox'] : []
});

async function profile(colorScheme: 'light' | 'dark'): Promise<BrowserContext> {
	return await browser.newContext({
		baseURL: 'http://localhost:4190/',
		viewport: WIDE,
		colorScheme,
		reducedMotion: 'reduce'
	});
}

async function shoot({ page }: Tab, name: string): Promise<void> {
	await page.evaluate(() => scrollTo(0, 0));
	await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}

const light = await Tab.open(await profile('light'));
const dark = await Tab.open(await profile('dark'), await light.peerId());
await light.page.evaluate(() => document.fonts.ready);
for (const [index, [voterId, option]] of BALLOTS.entries()) {
	await (index % 2 === 0 ? light : dark).vote(voterId, option);
}
await expectAgreement([light, dark], [3, 1, 1]);

await light.page.reload();
await light.ready();
await light.page.getByRole('radio', { name: 'Socialist Party' }).click();
await shoot(light, 'vote-light');
await light.goTo('Chain');
await shoot(light, 'chain-light');
await dark.goTo('Results');
await shoot(dark, 'results-dark');
await dark.goTo('Network');
await shoot(dark, 'network-dark');
await dark.page.setViewportSize(NARROW);
await dark.goTo('Vote');
await shoot(dark, 'vote-phone-dark');

await browser.close();
await server.close();
process.exit(0);
