import { expect, it } from 'vitest';
import { LedgerHarness } from '../../../tests/support/ledgerHarness';
import { encodeElection } from '../election/definition';
import { organiserSecret, sampleEnrolment, sampleEnrolmentElection } from '../election/testing/signedSamples';
import { openMemoryWallet } from '../storage/memoryWallet';
import { deferred } from './deferred';
import { Organiser } from './organiser';

it('signs the opening anew once more when another voter is enrolled while it does', async () => {
	const harness = new LedgerHarness({ changes: sampleEnrolmentElection() });
	const { election, electionId, clock, proofs } = harness;
	const wallet = openMemoryWallet();
	await wallet.saveOrganiser(
		{ electionId, secret: organiserSecret, contacts: [], createdAt: 0 },
		{ electionId, title: election.title, definition: encodeElection(election), openedAt: 0 }
	);
	const [e0, e1, e2, e3, e4] = [0, 1, 2, 3, 4].map((rollIndex) => sampleEnrolment(electionId, rollIndex));
	const first = harness.mine(harness.genesis, [e0!, e1!, e2!]);
	const second = harness.mine(first, [e3!]);
	const third = harness.mine(second, [e4!]);
	const { ledger } = await harness.openWith([first]);
	const held = deferred<undefined>();
	let calls = 0;
	const verifier: typeof proofs = {
		...proofs,
		async groupRootOf(commitments) {
			if (++calls === 2) await held.promise;
			return await proofs.groupRootOf(commitments);
		}
	};
	const organiser = new Organiser({ election, electionId, ledger, verifier, wallet, clock });
	await organiser.open();
	await ledger.addBlock(second.block);
	const renewing = organiser.renew();
	await ledger.addBlock(third.block);
	await organiser.renew();
	held.resolve(undefined);
	await renewing;
	expect(ledger.core.mempool.withKey('opening')?.transaction).toMatchObject({ groupSize: 5 });
});
