import { readFile } from 'node:fs/promises';
import { expect, type BrowserContext, type Page } from '@playwright/test';
import Papa from 'papaparse';
import { Tab } from './tab';

export interface NewElectionForm {
	readonly title: string;
	readonly contests: readonly { readonly title: string; readonly options: readonly string[] }[];
	/** The text of a CSV file. */
	readonly csv: string;
	readonly eligibility: 'Members make their own secret' | 'Codes you hand out';
}

export interface Invited {
	readonly voterId: string;
	readonly code: string;
	readonly link: string;
}

/** An organiser's tab, driven as an organiser would. */
export class OrganiserTab extends Tab {
	/** From the home page through the form to the new election's own page. */
	static async create(context: BrowserContext, form: NewElectionForm): Promise<OrganiserTab> {
		const page = await context.newPage();
		await page.goto('/');
		await page.getByRole('link', { name: 'New election' }).click();
		await fillForm(page, form);
		await page.getByRole('button', { name: 'Create election' }).click();
		await expect(page.getByRole('heading', { level: 1, name: 'Organise' })).toBeVisible();
		const tab = new OrganiserTab(page);
		await tab.ready();
		return tab;
	}

	async goToOrganise(): Promise<void> {
		await this.page.getByRole('link', { name: 'Organise', exact: true }).click();
	}

	/** The file for mail merge, read back. */
	async invitations(): Promise<Invited[]> {
		await this.goToOrganise();
		const text = await this.download('Download invitations (CSV)');
		const { data } = Papa.parse<Record<string, string>>(text.replace('\u{feff}', ''), {
			header: true,
			skipEmptyLines: true
		});
		return data.map((row) => ({ voterId: row['voter ID']!, code: row['voting code']!, link: row['link']! }));
	}

	/** Presses a button that hands out a file, and reads the file. */
	async download(button: string): Promise<string> {
		const download = this.page.waitForEvent('download');
		await this.page.getByRole('button', { name: button }).click();
		return await readFile(await (await download).path(), 'utf8');
	}

	async openPoll(): Promise<void> {
		await this.#confirm('Open the poll');
		await expect.poll(async () => (await this.status()).phase).toBe('open');
	}

	async closePoll(): Promise<void> {
		await this.#confirm('Close the poll');
		await expect.poll(async () => (await this.status()).phase).toBe('closed');
	}

	async #confirm(name: string): Promise<void> {
		await this.goToOrganise();
		await this.page.getByRole('button', { name, exact: true }).click();
		await this.page
			.getByRole('dialog', { name: `${name}?` })
			.getByRole('button', { name, exact: true })
			.click();
	}
}

async function fillForm(page: Page, { title, contests, csv, eligibility }: NewElectionForm): Promise<void> {
	const goOn = () => page.getByRole('button', { name: 'Continue' }).click();
	await page.getByRole('textbox', { name: 'Title' }).fill(title);
	await goOn();
	for (const [index, contest] of contests.entries()) {
		if (index > 0) await page.getByRole('button', { name: 'Add contest' }).click();
		const group = page.getByRole('group', { name: `Contest ${index + 1}` });
		await group.getByRole('textbox', { name: 'Question' }).fill(contest.title);
		for (const [at, option] of contest.options.entries()) {
			const box = group.getByRole('textbox', { name: `Option ${at + 1}` });
			if ((await box.count()) === 0) await group.getByRole('button', { name: 'Add option' }).click();
			await box.fill(option);
		}
	}
	await goOn();
	await page
		.getByLabel('CSV file')
		.setInputFiles({ name: 'members.csv', mimeType: 'text/csv', buffer: Buffer.from(csv, 'utf8') });
	await goOn();
	await page.getByRole('radio', { name: eligibility }).check();
	await goOn();
	await goOn();
	await expect(page.getByRole('heading', { name: 'Summary' })).toBeVisible();
}

/** A voter's tab, opened by a personal link. */
export class VoterTab extends Tab {
	static async join(context: BrowserContext, { link }: Invited): Promise<VoterTab> {
		const tab = new VoterTab(await context.newPage());
		await tab.page.goto(link);
		await tab.ready();
		// The organiser's tab records what all cast: more miners would only slow each other down on one machine.
		await tab.setMining(false);
		return tab;
	}

	async enrol(): Promise<void> {
		await this.page.getByRole('button', { name: 'Enrol', exact: true }).click();
		await expect(
			this.page
				.getByRole('status')
				.filter({ hasText: /enrolled|waiting/i })
				.first()
		).toBeVisible();
	}

	/** Marks one option a contest, reviews and casts; returns the receipt code. */
	async castBallot(choices: readonly { readonly contest: string; readonly option: string }[]): Promise<string> {
		for (const { contest, option } of choices) {
			await this.page
				.getByRole('radiogroup', { name: contest })
				.getByRole('radio', { name: option, exact: true })
				.check();
		}
		await this.page.getByRole('button', { name: 'Vote', exact: true }).click();
		const dialog = this.page.getByRole('dialog', { name: 'Confirm your vote' });
		for (const { option } of choices) await expect(dialog).toContainText(option);
		await dialog.getByRole('button', { name: 'Cast ballot' }).click();
		const receipt = this.page.getByRole('region', { name: 'Receipt' });
		await expect(receipt).toContainText(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/);
		return /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await receipt.innerText())![0];
	}

	/** Downloads the receipt once the ballot is in a block. */
	async downloadReceipt(): Promise<string> {
		const button = this.page.getByRole('button', { name: 'Download receipt' });
		await expect(button).toBeEnabled({ timeout: 120_000 });
		const download = this.page.waitForEvent('download');
		await button.click();
		return await readFile(await (await download).path(), 'utf8');
	}

	/** Takes a receipt file to "Track my ballot"; resolves when the page says that the ballot is in the chain. */
	async trackByFile(receipt: string): Promise<void> {
		await this.page.getByRole('link', { name: 'Track my ballot' }).first().click();
		await this.page
			.getByLabel('Receipt file')
			.setInputFiles({ name: 'receipt.json', mimeType: 'application/json', buffer: Buffer.from(receipt) });
		await expect(this.page.getByRole('status').filter({ hasText: /block/i }).first()).toBeVisible();
	}
}
