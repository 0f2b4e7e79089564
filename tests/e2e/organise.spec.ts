import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { OrganiserTab, VoterTab, type NewElectionForm } from './support/organiser';
import { expectSound } from './support/sound';
import { expect, test } from './support/test';
import { Tab } from './support/tab';

const CLUB: NewElectionForm = {
	title: 'Club house',
	contests: [{ title: 'Which colour?', options: ['Red', 'Blue'] }],
	csv: 'voter ID,name\nA-1,Ann\nA-2,Bob\nA-3,Cy\n',
	eligibility: 'Members make their own secret'
};
test("the pages of an election of one's own are sound for axe and on a phone", async ({ profile }) => {
	const context = await profile('organiser');
	const page = await context.newPage();
	await page.goto('/#/new');
	await expect(page.getByRole('textbox', { name: 'Title' })).toBeVisible();
	await expectSound(page, 'empty form');
	await page.getByRole('button', { name: 'Continue' }).click();
	await expectSound(page, 'form with a gap');
	await page.close();
	// A page of its own: where only the fragment changes, the browser has arrived before the page loads anew.
	const verify = await context.newPage();
	await verify.goto('/#/verify');
	await expect(verify.getByRole('heading', { name: 'Verify an election' })).toBeVisible();
	await expectSound(verify, 'verify');
	await verify.close();

	const organiser = await OrganiserTab.create(context, CLUB);
	await organiser.setMining(false);
	await expectSound(organiser.page, 'organise');
	const [invited] = await organiser.invitations();
	await organiser.page.getByRole('button', { name: 'Print cards' }).click();
	await expect(organiser.page.getByRole('button', { name: 'Print', exact: true })).toBeEnabled();
	await expectSound(organiser.page, 'cards');
	const voter = await VoterTab.join(await profile('voter'), invited!);
	await expectSound(voter.page, 'invitation');
	await voter.enrol();
	await expectSound(voter.page, 'enrolled');
	await voter.page.getByRole('link', { name: 'Track my ballot' }).first().click();
	await expectSound(voter.page, 'track');
	await organiser.page.goto('/');
	await expect(organiser.page.getByRole('region', { name: 'My elections' })).toBeVisible();
	await expectSound(organiser.page, 'home');
});

test('an election can be made with the keyboard alone, and nothing typed is lost over a reload', async ({ page }) => {
	await page.goto('/');
	await tabTo(page, 'New election');
	await page.keyboard.press('Enter');
	await tabTo(page, 'Title');
	await page.keyboard.type('Keyboard club');
	await pressContinue(page);
	await tabTo(page, 'Question');
	await page.keyboard.type('Who?');
	await tabTo(page, 'Option 1');
	await page.keyboard.type('Ada');
	await page.keyboard.press('Enter');
	await page.keyboard.type('Grace');
	await expect(page.getByRole('textbox', { name: 'Option 2' })).toHaveValue('Grace');
	await page.reload();
	await expect(page.getByRole('textbox', { name: 'Option 2' })).toHaveValue('Grace');
	await pressContinue(page);
	await tabTo(page, 'Voters');
	await page.keyboard.type('K-1\nK-2\nK-3');
	await pressContinue(page);
	await page.getByRole('radio', { name: 'Members make their own secret' }).focus();
	await page.keyboard.press('ArrowDown');
	await expect(page.getByRole('radio', { name: 'Codes you hand out' })).toBeChecked();
	await pressContinue(page);
	await pressContinue(page);
	await tabTo(page, 'Create election');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1, name: 'Organise' })).toBeVisible();
});

/** Goes to the next step of the form, whose title is another. */
async function pressContinue(page: Page): Promise<void> {
	const title = page.getByRole('heading', { level: 2 });
	const before = await title.innerText();
	await tabTo(page, 'Continue');
	await page.keyboard.press('Enter');
	await expect(title).not.toHaveText(before);
}

/** Presses Tab until the field with this label, or the button or link with this text, has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
	for (let presses = 0; presses < 100; presses += 1) {
		const focused = await page.evaluate(() => {
			const element = document.activeElement as HTMLInputElement;
			// The title of a step takes the focus when the step begins, and can have the name of a field.
			if (element.tabIndex < 0) return '';
			return (element.labels?.[0] ?? element).textContent.trim();
		});
		if (focused.startsWith(name)) return;
		await page.keyboard.press('Tab');
	}
	throw new Error(`"${name}" cannot be reached with the Tab key`);
}

test('one profile holds several elections in several tabs, lists them, and leaves one after asking', async ({
	profile
}) => {
	const context = await profile('member');
	const organiser = await OrganiserTab.create(context, CLUB);
	const demo = await Tab.open(context);
	const [own, other] = await Promise.all([organiser.status(), demo.status()]);
	expect(own.electionId).not.toBe(other.electionId);
	expect(own.peerId).not.toBe(other.peerId);
	await demo.vote('VOID001', 'Democratic Party');

	const home = await context.newPage();
	await home.goto('/');
	const list = home.getByRole('region', { name: 'My elections' });
	await expect(list.getByRole('listitem')).toHaveCount(2);
	await expect(list.getByRole('listitem').filter({ hasText: CLUB.title })).toContainText(/organiser/i);
	await expect.poll(async () => (await demo.status()).pending).toBe(0);
	await demo.page.close();
	await list.getByRole('button', { name: /^Leave Pollen demo/ }).click();
	const dialog = home.getByRole('dialog', { name: 'Leave this election?' });
	await dialog.getByRole('button', { name: 'Keep it' }).click();
	await expect(dialog).toBeHidden();
	await expect(list.getByRole('listitem')).toHaveCount(2);
	await list.getByRole('button', { name: /^Leave Pollen demo/ }).click();
	await dialog.getByRole('button', { name: 'Leave', exact: true }).click();
	await expect(list.getByRole('listitem')).toHaveCount(1);
	await home.reload();
	await expect(list.getByRole('listitem')).toHaveCount(1);
	const again = await Tab.open(context);
	expect(await again.tally(), 'nothing of what was left is kept').toEqual([0, 0, 0]);
});

test('a backup makes another device the organiser, and a broken one changes nothing', async ({ profile }) => {
	const organiser = await OrganiserTab.create(await profile('organiser'), CLUB);
	const backup = await organiser.download('Download organiser backup');
	const before = await organiser.invitations();
	const { electionId } = await organiser.status();

	const page = await (await profile('other device')).newPage();
	await page.goto('/');
	await page.getByText('Organiser of an election that was made on another device?').click();
	const restore = (text: string) =>
		page
			.getByLabel('Organiser backup')
			.setInputFiles({ name: 'backup.json', mimeType: 'application/json', buffer: Buffer.from(text) });
	for (const broken of [backup.slice(0, backup.length / 2), backup.replace(CLUB.title, 'Club horse'), '\u0000\u0001']) {
		await restore(broken);
		await expect(page.getByRole('alert')).toContainText(/not a whole backup/i);
	}
	await expect(page.getByRole('region', { name: 'My elections' })).toHaveCount(0);
	await restore(backup);
	await expect(page.getByRole('heading', { level: 1, name: 'Organise' })).toBeVisible();
	const other = new OrganiserTab(page);
	await other.ready();
	expect((await other.status()).electionId).toBe(electionId);
	expect((await other.invitations()).map(({ code }) => code)).toEqual(before.map(({ code }) => code));
});

test('a roll that cannot be read, a mistyped and a strange code are refused where they stand', async ({ profile }) => {
	const context = await profile('organiser');
	const page = await context.newPage();
	await page.goto('/#/new');
	await page.getByRole('textbox', { name: 'Title' }).fill('Refusals');
	await page.getByRole('button', { name: 'Continue' }).click();
	await page.getByRole('textbox', { name: 'Question' }).fill('Why?');
	await page.getByRole('textbox', { name: 'Option 1' }).fill('So');
	await page.getByRole('textbox', { name: 'Option 2' }).fill('Thus');
	await page.getByRole('button', { name: 'Continue' }).click();
	const choose = (buffer: Buffer) =>
		page.getByLabel('CSV file').setInputFiles({ name: 'members.csv', mimeType: 'text/csv', buffer });
	await choose(Buffer.from('voter ID,name\nA-1,Ann\nA-2,Bob\nA-2,Cy\n,Dan\n'));
	for (const line of ['Line 4', 'Line 5']) await expect(page.getByText(line)).toBeVisible();
	await choose(gzipSync(Buffer.from('binary junk'.repeat(500))));
	const refusal = page.getByRole('alert').filter({ hasText: 'The list of voters is as it was.' });
	await expect(refusal).toBeVisible();
	await choose(Buffer.from(Array.from({ length: 200_000 }, (_, voter) => `V${voter}`).join('\n')));
	await expect(refusal).toContainText('10,000');
	await expect(page.getByRole('textbox', { name: 'Voters' })).toHaveValue(/A-1/);
	await page.close();

	const organiser = await OrganiserTab.create(await profile('second'), CLUB);
	const [ann, bob] = await organiser.invitations();
	const mistyped = ann!.link.replace(/code=(.)/, (_, first: string) => `code=${first === '0' ? '1' : '0'}`);
	const strange = ann!.link.replace(/code=.*/, `code=${bob!.code.replaceAll('-', '')}`);
	for (const [link, words] of [
		[mistyped, /typing mistake/i],
		[strange, /does not belong/i]
	] as const) {
		const voter = await VoterTab.join(await profile(`voter ${words}`), { ...ann!, link });
		await expect(voter.page.getByRole('alert').filter({ hasText: words })).toBeVisible();
		await expect(voter.page.getByRole('button', { name: 'Enrol', exact: true })).toHaveCount(0);
		expect((await voter.status()).pending).toBe(0);
	}
});
