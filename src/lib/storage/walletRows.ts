import type { StoredCredential, StoredOrganiser, StoredReceipt, WalletElection } from './port';

/**
 * What a wallet keeps of the things it is given: copies that hold the known members and nothing else. `slice` gives
 * bytes a buffer of exactly their own length; a structured clone of a window would store the whole frame behind it.
 */

export function receiptRow(receipt: StoredReceipt): StoredReceipt {
	const { electionId, nullifier, voterId, choices, transaction, castAt } = receipt;
	return { electionId, nullifier, voterId, choices: [...choices], transaction: transaction.slice(), castAt };
}

export function electionRow({ electionId, title, definition, openedAt }: WalletElection): WalletElection {
	return { electionId, title, definition: definition.slice(), openedAt };
}

export function credentialRow(credential: StoredCredential): StoredCredential {
	const { electionId, voterId, key, commitment, enrolment, createdAt } = credential;
	return { electionId, voterId, key: key.slice(), commitment, enrolment: enrolment.slice(), createdAt };
}

export function organiserRow({ electionId, secret, contacts, createdAt }: StoredOrganiser): StoredOrganiser {
	const ownContacts = contacts.map(({ voterId, name, email }) => ({ voterId, name, email }));
	return { electionId, secret: secret.slice(), contacts: ownContacts, createdAt };
}
