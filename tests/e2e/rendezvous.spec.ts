import { OrganiserTab, VoterTab } from './support/organiser';
import { expect, test } from './support/test';
import { expectAgreement } from './support/tab';

test.use({ rendezvous: true });

test('tabs that opened an election by its link alone find each other, also when the first of them is gone', async ({
	openTab
}) => {
	const first = await openTab('a');
	const second = await openTab('b');
	await second.setMining(false);
	await expect.poll(async () => (await second.status()).peers).toEqual([await first.peerId()]);
	await first.vote('VOID001', 'Democratic Party');
	await expectAgreement([first, second], [1, 0, 0]);
	await first.crash();

	const third = await openTab('c');
	await expect.poll(async () => (await third.status()).peers, { timeout: 180_000 }).toEqual([await second.peerId()]);
	await third.vote('VOID002', 'Republican Party');
	await expectAgreement([second, third], [1, 1, 0]);
});

test('an invitation leads to its election although the tab that it names has been reloaded since', async ({
	profile
}) => {
	const organiser = await OrganiserTab.create(await profile('organiser'), {
		title: 'Reading circle',
		contests: [{ title: 'Next book?', options: ['Middlemarch', 'Emma'] }],
		csv: 'R-1\nR-2\nR-3\n',
		eligibility: 'Codes you hand out'
	});
	const [invitation] = await organiser.invitations();
	const before = await organiser.peerId();
	await organiser.page.reload();
	await organiser.ready();
	expect(await organiser.peerId()).not.toBe(before);

	const voter = await VoterTab.join(await profile('voter'), invitation!);
	await voter.castBallot([{ contest: 'Next book?', option: 'Emma' }]);
	await expect.poll(async () => (await organiser.page.evaluate(() => globalThis.pollen!.results())).ballots).toBe(1);
});
