import { expect, it } from 'vitest';
import { LedgerHarness } from '../../../tests/support/ledgerHarness';
import { sampleCode, sampleEnrolmentElection, sampleVoterId } from '../election/testing/signedSamples';
import { decodeTransaction, type Transaction } from '../election/transaction';
import { openMemoryWallet } from '../storage/memoryWallet';
import type { StoredCredential, Wallet } from '../storage/port';
import { Voters } from './voters';

it('keeps the credential of a voter whose enrolment is recorded while they ask for it once more', async () => {
	const harness = new LedgerHarness({ changes: sampleEnrolmentElection() });
	const { election, electionId, proofs, clock, genesis } = harness;
	const { ledger } = await harness.open();
	const memory = openMemoryWallet();
	let loads = 0;
	const record = async (credential: StoredCredential | undefined) => {
		if (credential) await ledger.addBlock(harness.mine(genesis, [decodeTransaction(credential.enrolment)]).block);
	};
	const wallet: Wallet = {
		...memory,
		// The second time that enrolling looks, the block arrives.
		async loadCredential(...key) {
			const credential = await memory.loadCredential(...key);
			if (++loads === 4) await record(credential);
			return credential;
		}
	};
	let made = 0;
	const randomBytes = (length: number) => new Uint8Array(length).fill(++made);
	const cast = (transaction: Transaction) => ledger.addTransaction(transaction, 'strict');
	const voters = new Voters({ election, electionId, ledger, prover: proofs, wallet, clock, randomBytes, cast });
	const voter = { voterId: sampleVoterId(0), code: sampleCode(0) };
	await voters.enrol(voter);
	const first = await memory.loadCredential(electionId, voter.voterId);
	await voters.enrol(voter);
	expect(ledger.core.state.enrolled).toBe(1);
	expect(await memory.loadCredential(electionId, voter.voterId)).toEqual(first);
	expect((await voters.status(voter)).step).toBe('wait');
});
