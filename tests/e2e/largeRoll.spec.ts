import type { Page } from '@playwright/test';
import { encode } from 'uqr';
import { OrganiserTab, VoterTab } from './support/organiser';
import { expect, test } from './support/test';

const VOTERS = 5_000;
/** Of the group's tree: 2,500 over the leaves, then 1,250, 625, 313, 157, 79, 40, 20, 10, 5, 3, 2 and the root. */
const INNER_NODES = 5_005;
const CHECKSUM_LENGTH = 32;
const idOf = (voter: number) => `MEMBER-${String(voter + 1).padStart(4, '0')}`;
const CSV = [
	'voter ID,name,e-mail',
	...Array.from({ length: VOTERS }, (_, voter) => `${idOf(voter)},"Member, No. ${voter + 1}",m${voter + 1}@example.org`)
].join('\n');

/** The QR code of a text as the page draws it: dark modules as runs, with a quiet zone of four. */
function qrPath(text: string): string {
	const { data } = encode(text, { ecc: 'M', border: 4 });
	return data
		.flatMap((row, y) => {
			const line = row.map((isDark) => (isDark ? '1' : '0')).join('');
			return [...line.matchAll(/1+/g)].map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`);
		})
		.join('');
}

test('five thousand voters with issued codes, from the roll to invitations, while the page stays alive', async ({
	profile
}) => {
	const context = await profile('organiser');
	// Counts frames from the first script on: a page that is frozen draws none.
	await context.addInitScript(() => {
		let last = performance.now();
		globalThis.longestFreezeMs = 0;
		const tick = (now: number) => {
			globalThis.longestFreezeMs = Math.max(globalThis.longestFreezeMs, now - last);
			last = now;
			requestAnimationFrame(tick);
		};
		requestAnimationFrame(tick);
	});
	const started = Date.now();
	const organiser = await OrganiserTab.create(context, {
		title: 'A large club',
		contests: [{ title: 'Move to a new house?', options: ['Yes', 'No'] }],
		csv: CSV,
		eligibility: 'Codes you hand out'
	});
	const { page } = organiser;
	const invited = await organiser.invitations();
	console.log(
		`${VOTERS} voters, form to invitations: ${((Date.now() - started) / 1000).toFixed(0)} s, ` +
			`longest pause between two frames ${(await page.evaluate(() => globalThis.longestFreezeMs)).toFixed(0)} ms`
	);
	expect(invited).toHaveLength(VOTERS);
	expect(new Set(invited.map(({ code }) => code)).size).toBe(VOTERS);

	const sample = [0, VOTERS / 2, VOTERS - 1];
	await page.getByRole('button', { name: 'Print cards' }).click();
	for (const voter of sample) {
		const { voterId, code, link } = invited[voter]!;
		expect(voterId).toBe(idOf(voter));
		const parts = page.getByLabel('Which of them');
		await parts.selectOption(String(Math.floor(voter / 1_000)));
		await expect(page.getByRole('button', { name: 'Print', exact: true })).toBeEnabled();
		// Not by its role, for which the names of a thousand cards would be made at every look.
		const card = page.locator(`article[aria-label="Invitation for ${voterId}"]`);
		await expect(card).toContainText(code);
		expect(await card.locator('path').getAttribute('d')).toBe(qrPath(link));
	}
	for (const voter of sample) {
		const voterTab = await VoterTab.join(await profile(`voter ${voter}`), invited[voter]!);
		await expect(voterTab.page.getByRole('heading', { name: `Welcome, ${idOf(voter)}` })).toBeVisible();
		await expect(voterTab.page.getByRole('radio', { name: 'Yes' })).toBeVisible();
		if (voter === VOTERS - 1) {
			await voterTab.castBallot([{ contest: 'Move to a new house?', option: 'Yes' }]);
			expect(await keptGroups(voterTab.page)).toEqual([CHECKSUM_LENGTH + 32 * INNER_NODES]);
		} else await voterTab.page.close();
	}
	await expect.poll(async () => (await page.evaluate(() => globalThis.pollen!.results())).ballots).toBe(1);
});

/** How many bytes are kept of each group, so that its tree need not be hashed at the next visit. */
async function keptGroups(page: Page): Promise<number[]> {
	return await page.evaluate(async () => {
		const cache = await caches.open('pollen-groups');
		const kept = await cache.matchAll();
		return await Promise.all(kept.map(async (response) => (await response.arrayBuffer()).byteLength));
	});
}

declare global {
	var longestFreezeMs: number;
}
