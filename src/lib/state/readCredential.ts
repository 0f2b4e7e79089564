import { signatureHolds, signedMessage, signerOf } from '../election/signing';
import { decodeTransaction } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import type { PollenNode } from '../node/api';
import { credentialOf } from '../proofs/credential';
import { parseCredentialFile } from '../storage/credentialFile';
import type { StoredCredential } from '../storage/port';

/** What a sound credential file can be besides the one that is wanted. */
export type FileMisfit =
	/** It is for another election. */
	| 'other-election-credential'
	/** It is another voter's. */
	| 'other-voter-credential';

/**
 * The credential in a file, if it is this voter's in this election. A file whose parts do not belong together is refused,
 * because the harm would show only when the voter wants to vote.
 * @throws PollenError bad-backup
 */
export function readCredential(
	text: string,
	{ election, electionId }: Pick<PollenNode, 'election' | 'electionId'>,
	voterId: string
): StoredCredential | FileMisfit {
	const credential = parseCredentialFile(text);
	if (credentialOf(credential.key).commitment !== credential.commitment) {
		throw new PollenError('bad-backup', 'commitment: not that of the key');
	}
	if (credential.electionId !== electionId) return 'other-election-credential';
	if (credential.voterId !== voterId) return 'other-voter-credential';
	checkEnrolmentOf(credential, { election, electionId });
	return credential;
}

function checkEnrolmentOf(
	{ enrolment, voterId }: StoredCredential,
	{ election, electionId }: Pick<PollenNode, 'election' | 'electionId'>
): void {
	const transaction = decodeTransaction(enrolment);
	if (transaction.kind !== 'enrolment' || election.roll[transaction.rollIndex]?.voterId !== voterId) {
		throw new PollenError('bad-backup', 'enrolment: not of this voter');
	}
	const signer = signerOf(election, transaction);
	if (signer === undefined || !signatureHolds(signer, signedMessage(electionId, transaction), transaction.signature)) {
		throw new PollenError('bad-backup', 'enrolment: not signed by this voter');
	}
}
