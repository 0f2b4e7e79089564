import { join } from 'node:path';
import { chromium, expect, type BrowserContext } from '@playwright/test';
import { preview } from 'vite';
import { CHROMIUM_ARGS, ensureChromium } from '../support/chromium.mjs';
import { OrganiserTab, VoterTab } from '../e2e/support/organiser';
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

const MEMBERS = ['Ada Archer', 'Ben Brook', 'Cleo Cole', 'Dan Dale', 'Eve Elm', 'Finn Ford', 'Gus Grove', 'Hana Hill'];

const server = await preview({ preview: { port: 4190, strictPort: true } });
const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_ARGS });

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
await dark.page.setViewportSize(NARROW);
await dark.goTo('Vote');
await shoot(dark, 'vote-phone-dark');
await light.page.close();
await dark.page.close();

const organiser = await OrganiserTab.create(await profile('light'), {
	title: 'Allotment society, spring election',
	contests: [
		{ title: 'Who keeps the accounts?', options: ['Ada Lovelace', 'Grace Hopper', 'Edsger Dijkstra'] },
		{ title: 'Buy a shredder together?', options: ['Yes', 'No'] }
	],
	csv: MEMBERS.map((name, index) => `PLOT-${index + 1};${name}`).join('\n'),
	eligibility: 'Members make their own secret'
});
const invited = await organiser.invitations();
const voters: VoterTab[] = [];
for (const invitation of invited.slice(0, 5)) {
	const voter = await VoterTab.join(await profile('dark'), invitation);
	await voter.page.setViewportSize(NARROW);
	if (voters.length === 0) await shoot(voter, 'invitation-phone-dark');
	await voter.enrol();
	voters.push(voter);
}
await expect.poll(async () => (await organiser.status()).pending, { timeout: 120_000 }).toBe(0);
await shoot(organiser, 'organise-light');
await organiser.openPoll();
await voters[1]!.castBallot([
	{ contest: 'Who keeps the accounts?', option: 'Grace Hopper' },
	{ contest: 'Buy a shredder together?', option: 'No choice' }
]);
await expect(voters[1]!.page.getByText(/recorded in block/i).first()).toBeVisible({ timeout: 120_000 });
await shoot(voters[1]!, 'receipt-phone-dark');

await browser.close();
await server.close();
process.exit(0);
