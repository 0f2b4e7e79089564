import { expect, test } from './support/test';
import { expectAgreement, expectOneChain } from './support/tab';

// These come last of all files, when there is nothing else that could run beside them.
test.describe.configure({ mode: 'parallel' });

test('three linked tabs in two profiles hold the election together; a fourth joins late', async ({ openTab }) => {
	const first = await openTab('a');
	const second = await openTab('a');
	const third = await openTab('b');
	// Two of them mine: tabs that all mine on one machine only slow each other down.
	await third.setMining(false);
	await second.link(await first.peerId());
	await third.link(await second.peerId());

	const codes = [
		await first.vote('VOID001', 'Democratic Party'),
		await second.vote('VOID002', 'Republican Party'),
		await third.vote('VOID003', 'Democratic Party')
	];
	await expectAgreement([first, second, third], [2, 1, 0]);

	const fourth = await openTab('c', await third.peerId());
	await fourth.setMining(false);
	await expectAgreement([first, second, third, fourth], [2, 1, 0]);
	await expectOneChain(first, fourth);
	await fourth.goTo('Results');
	for (const code of codes) {
		await expect(fourth.page.getByRole('table', { name: 'Ballots' })).toContainText(code);
	}
	await fourth.vote('VOID004', 'Socialist Party');
	await expectAgreement([first, second, third, fourth], [2, 1, 1]);

	const verifications = await Promise.all(
		[first, fourth].map((tab) => tab.page.evaluate(() => globalThis.pollen!.verify()))
	);
	for (const verification of verifications)
		expect(verification).toMatchObject({ valid: true, ballots: 4, problems: [] });
});

test('a voter who voted in one tab is refused in another', async ({ openTab }) => {
	const first = await openTab('a');
	const second = await openTab('b', await first.peerId());
	await first.vote('VOID005', 'Democratic Party');
	await expect.poll(() => second.status().then(({ pending, height }) => pending + height)).toBeGreaterThan(0);
	await second.fillBallot('VOID005', 'Socialist Party');
	await expect(second.page.getByRole('alert')).toContainText(/already/i);
	await expectAgreement([first, second], [1, 0, 0]);
});

test('a tab that is killed comes back, links again, and has what happened meanwhile', async ({ openTab }) => {
	const first = await openTab('a');
	const second = await openTab('b', await first.peerId());
	await second.vote('VOID006', 'Democratic Party');
	await expectAgreement([first, second], [1, 0, 0]);
	await second.crash();
	await first.vote('VOID007', 'Socialist Party');

	const back = await openTab('b');
	await expectAgreement([first, back], [1, 0, 1]);
	await expect.poll(async () => (await back.status()).peers).toContain(await first.peerId());
});

test('two tabs that mined apart agree once they are linked, and no ballot is lost', async ({ openTab }) => {
	const first = await openTab('a');
	const second = await openTab('b');
	await first.vote('VOID008', 'Democratic Party');
	await expectAgreement([first], [1, 0, 0]);
	await second.vote('VOID009', 'Republican Party');
	await second.vote('VOID010', 'Socialist Party');
	await expectAgreement([second], [0, 1, 1]);
	expect((await first.status()).tip).not.toBe((await second.status()).tip);

	await first.link(await second.peerId());
	await expectAgreement([first, second], [1, 1, 1]);
	await expectOneChain(first, second);
});
