import * as v from 'valibot';
import type { ElectionId, Hash } from '../bytes/hash';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { organiserKeyOf } from '../election/codeKeys';
import { decodeElection, encodeElection, type Election } from '../election/definition';
import { electionIdOf } from '../election/genesis';
import { publicKeyOf } from '../election/signing';
import { bytes32, instant, readBackup, withChecksum } from './backupFile';
import type { Contact, StoredOrganiser, WalletElection } from './port';

export const ORGANISER_FORMAT = 'pollen-organiser';
export const ORGANISER_VERSION = 1;

/** Ten times what the largest roll takes. No text that is longer than this is parsed. */
export const MAX_ORGANISER_FILE_LENGTH = 32 * 1024 * 1024;

const WARNING =
	'Secret. Whoever has this file is the organiser of this election: they can open and close the poll and make every voting code, and they read all names and addresses. Keep it in a safe place, never send or publish it.';

/** The organiser's backup: all that makes a device the organiser of an election. A secret. */
export interface OrganiserFile {
	readonly format: typeof ORGANISER_FORMAT;
	readonly version: typeof ORGANISER_VERSION;
	/** For people; reading takes any text. */
	readonly warning: string;
	readonly electionId: ElectionId;
	readonly election: Election;
	/** 64 hex digits. */
	readonly secret: string;
	/** One of each voter, in roll order. */
	readonly contacts: readonly Contact[];
	/** Milliseconds since the epoch. */
	readonly createdAt: number;
	/** SHA-256 of the canonical form (RFC 8785) of all other members. */
	readonly checksum: Hash;
}

const contact = v.strictObject({ voterId: v.string(), name: v.string(), email: v.string() });

const schema = v.strictObject({
	format: v.literal(ORGANISER_FORMAT),
	version: v.literal(ORGANISER_VERSION),
	warning: v.string(),
	electionId: bytes32,
	/** Checked by `encodeElection`. */
	election: v.custom<Election>((value) => typeof value === 'object' && value !== null, 'a definition'),
	secret: bytes32,
	contacts: v.array(contact),
	createdAt: instant,
	checksum: bytes32
}) satisfies v.GenericSchema<unknown, OrganiserFile>;

/** @throws PollenError bad-definition when the definition that the wallet kept is damaged */
export function organiserFile(organiser: StoredOrganiser, election: WalletElection): OrganiserFile {
	const { electionId, secret, contacts, createdAt } = organiser;
	return withChecksum({
		format: ORGANISER_FORMAT,
		version: ORGANISER_VERSION,
		warning: WARNING,
		electionId,
		election: decodeElection(election.definition),
		secret: bytesToHex(secret),
		contacts: contacts.map(writable),
		createdAt
	});
}

/** Half a character, as a cut-off paste leaves one, has no UTF-8. It must not cost the organiser their backup. */
function writable({ voterId, name, email }: Contact): Contact {
	return { voterId, name: name.toWellFormed(), email: email.toWellFormed() };
}

/**
 * What the text of a file says, ready for `Wallet.saveOrganiser`: the definition has this election ID, the secret makes
 * the definition's organiser key, the contacts are those of the roll. The election counts as opened when it was made.
 * @throws PollenError bad-backup
 */
export function parseOrganiserFile(text: string): { organiser: StoredOrganiser; election: WalletElection } {
	return readBackup(text, MAX_ORGANISER_FILE_LENGTH, schema, (file) => {
		const { electionId, contacts, createdAt } = file;
		// The first to read the definition: refuses whatever is none.
		const definition = encodeElection(file.election);
		const { title, roll, organiser } = file.election;
		const secret = hexToBytes(file.secret);
		if (electionIdOf(file.election) !== electionId) throw new Error('electionId: not that of the definition');
		if (publicKeyOf(organiserKeyOf(secret)) !== organiser) throw new Error('secret: not that of the organiser');
		if (contacts.length !== roll.length || contacts.some(({ voterId }, i) => voterId !== roll[i]?.voterId)) {
			throw new Error('contacts: not those of the roll');
		}
		return {
			organiser: { electionId, secret, contacts, createdAt },
			election: { electionId, title, definition, openedAt: createdAt }
		};
	});
}
