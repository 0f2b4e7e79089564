import type { ElectionId } from '../bytes/hash';
import { encodeElection } from '../election/definition';
import { errorCode, PollenError, type ErrorCode } from '../errors/pollenError';
import type { PollenNode } from '../node/api';
import { invitationsOf, searchInvitations, type Invitation } from '../organising/invitations';
import {
	MAX_ORGANISER_FILE_LENGTH,
	organiserFile,
	parseOrganiserFile,
	type OrganiserFile
} from '../storage/organiserFile';
import type { StoredOrganiser, Wallet, WalletElection } from '../storage/port';

/** Opens the profile's wallet for one task, and closes it. */
export type WithWallet = <T>(task: (wallet: Wallet) => Promise<T>) => Promise<T>;

const withProfileWallet: WithWallet = async (task) => (await import('../node/walletAccess')).withWallet(task);

/** `looking` until the wallet has answered; `nobody` when the election has no organiser at all. */
export type OrganiserRole = 'looking' | 'organiser' | 'voter' | 'nobody';

export interface OrganiseProblem {
	/** What was asked for: to read the organiser's key, to restore it, to open or close the poll. */
	readonly at: 'key' | 'restore' | 'open' | 'close';
	readonly code: ErrorCode;
}

export type OrganiseOutcome = 'restored' | 'copied' | 'not-copied';

type Organising = Pick<PollenNode, 'election' | 'electionId' | 'isOrganiser' | 'openPoll' | 'closePoll'>;

/** What an organiser does with their election on this device. */
export class OrganiseDesk {
	readonly #node: Organising;
	readonly #withWallet: WithWallet;
	#role: OrganiserRole = $state('looking');
	#organiser: StoredOrganiser | undefined = $state.raw();
	#busy: OrganiseProblem['at'] | undefined = $state();
	#problem: OrganiseProblem | undefined = $state.raw();
	#outcome: OrganiseOutcome | undefined = $state.raw();
	#sought = $state('');
	readonly #invitations = $derived.by(() =>
		this.#organiser ? invitationsOf(this.#organiser, this.#node.election) : []
	);
	readonly #found = $derived.by(() => searchInvitations(this.#invitations, this.#sought));

	constructor(node: Organising, withWallet: WithWallet = withProfileWallet) {
		this.#node = node;
		this.#withWallet = withWallet;
	}

	get role(): OrganiserRole {
		return this.#role;
	}

	get busy(): OrganiseProblem['at'] | undefined {
		return this.#busy;
	}

	get problem(): OrganiseProblem | undefined {
		return this.#problem;
	}

	get outcome(): OrganiseOutcome | undefined {
		return this.#outcome;
	}

	/** Everybody's, in roll order; none for who is not the organiser. */
	get invitations(): readonly Invitation[] {
		return this.#invitations;
	}

	/** What is searched for among the voters. */
	get sought(): string {
		return this.#sought;
	}

	set sought(text: string) {
		this.#sought = text;
	}

	/** Those invitations that what is searched for fits. */
	get found(): readonly Invitation[] {
		return this.#found;
	}

	/** Finds out whether this profile is the organiser. Never rejects. */
	async load(): Promise<void> {
		if (this.#node.election.organiser === null) {
			this.#role = 'nobody';
			return;
		}
		await this.#ask('key', async () => {
			this.#organiser = (await this.#node.isOrganiser()) ? await this.#readOrganiser() : undefined;
			this.#role = this.#organiser === undefined ? 'voter' : 'organiser';
		});
	}

	/**
	 * Takes the role from a backup file. Resolves with whether it did; a refusal (bad-backup, other-election, storage-full,
	 * storage-failed) has changed nothing.
	 */
	restore(file: Blob): Promise<boolean> {
		return this.#ask('restore', async () => {
			const { organiser, election } = await readBackup(file, this.#node.electionId);
			await this.#withWallet((wallet) => wallet.saveOrganiser(organiser, election));
			this.#organiser = organiser;
			this.#role = 'organiser';
			this.#outcome = 'restored';
		});
	}

	/** What restores the role on another device; undefined for who is not the organiser. */
	backup(): OrganiserFile | undefined {
		const organiser = this.#organiser;
		if (organiser === undefined) return undefined;
		const { election, electionId } = this.#node;
		const contacts = this.#invitations.map(({ voterId, name, email }) => ({ voterId, name, email }));
		return organiserFile(
			{ ...organiser, contacts },
			{ electionId, title: election.title, definition: encodeElection(election), openedAt: organiser.createdAt }
		);
	}

	/** Resolves with whether the opening is signed. */
	openPoll(): Promise<boolean> {
		return this.#ask('open', () => this.#node.openPoll());
	}

	/** Resolves with whether the closing is signed. */
	closePoll(): Promise<boolean> {
		return this.#ask('close', () => this.#node.closePoll());
	}

	async copy(text: string): Promise<void> {
		this.#outcome = undefined;
		const copied = await navigator.clipboard.writeText(text).then(
			() => true,
			() => false
		);
		this.#outcome = copied ? 'copied' : 'not-copied';
	}

	#readOrganiser(): Promise<StoredOrganiser | undefined> {
		return this.#withWallet((wallet) => wallet.loadOrganiser(this.#node.electionId));
	}

	/** One thing at a time: what is asked meanwhile is not done. */
	async #ask(at: OrganiseProblem['at'], act: () => Promise<void>): Promise<boolean> {
		if (this.#busy !== undefined) return false;
		this.#busy = at;
		this.#problem = this.#outcome = undefined;
		try {
			await act();
			return true;
		} catch (error) {
			this.#problem = { at, code: errorCode(error, 'worker-failed') };
			return false;
		} finally {
			this.#busy = undefined;
		}
	}
}

/** Rejects bad-backup for anything that is no backup, and other-election for that of another election. */
async function readBackup(
	file: Blob,
	electionId: ElectionId
): Promise<{ organiser: StoredOrganiser; election: WalletElection }> {
	if (file.size > MAX_ORGANISER_FILE_LENGTH)
		throw new PollenError('bad-backup', 'the file is too large to be a backup');
	const backup = parseOrganiserFile(await file.text());
	if (backup.organiser.electionId !== electionId) {
		throw new PollenError('other-election', 'the backup is of another election');
	}
	return backup;
}
