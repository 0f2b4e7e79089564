import { errorCode, PollenError, type ErrorCode } from '../errors/pollenError';
import type { PollenNode } from '../node/api';
import type { CredentialFile } from '../storage/credentialFile';
import type { StoredCredential, Wallet } from '../storage/port';
import type { FileMisfit } from './readCredential';

/** What a credential file can have wrong besides what {@link readCredential} finds. */
export type CredentialMisfit =
	| FileMisfit
	/** The chain says that this voter enrolled with another credential. */
	| 'other-credential'
	/** This device has another credential of the voter, and nothing on the chain says which of them counts. */
	| 'credential-conflict';

type WithWallet = <T>(task: (wallet: Wallet) => Promise<T>) => Promise<T>;
type Enrolling = Pick<PollenNode, 'election' | 'electionId' | 'enrolments' | 'blocks'>;

const withTabWallet: WithWallet = async (task) => (await import('../node/walletAccess')).withWallet(task);

/** Takes a voter's credential to another device, and brings it in there. */
export class CredentialDesk {
	readonly #node: Enrolling;
	readonly #withWallet: WithWallet;
	#problem: ErrorCode | CredentialMisfit | undefined = $state.raw();
	#isBusy = $state(false);

	constructor(node: Enrolling, withWallet: WithWallet = withTabWallet) {
		this.#node = node;
		this.#withWallet = withWallet;
	}

	get problem(): ErrorCode | CredentialMisfit | undefined {
		return this.#problem;
	}

	get isBusy(): boolean {
		return this.#isBusy;
	}

	/** The file with the credential that this device keeps for a voter; undefined when there is none, or `problem` says why. */
	async file(voterId: string): Promise<CredentialFile | undefined> {
		return await this.#attempt(async () => {
			const { credentialFile } = await import('../storage/credentialFile');
			const { election, electionId } = this.#node;
			const credential = await this.#withWallet((wallet) => wallet.loadCredential(electionId, voterId));
			if (credential === undefined) throw new PollenError('not-enrolled', 'this device keeps no credential for them');
			return credentialFile(credential, election.title);
		});
	}

	/** Keeps the credential in a file on this device. Resolves with whether it is kept; `problem` says why not. */
	async bring(voterId: string, text: string): Promise<boolean> {
		const kept = await this.#attempt(async () => {
			const { readCredential } = await import('./readCredential');
			const credential = readCredential(text, this.#node, voterId);
			if (typeof credential === 'string') return credential;
			return await this.#withWallet((wallet) => this.#keep(wallet, credential));
		});
		if (kept !== undefined && kept !== 'kept') this.#problem = kept;
		return kept === 'kept';
	}

	async #keep(wallet: Wallet, credential: StoredCredential): Promise<'kept' | CredentialMisfit> {
		const enrolled = await this.#enrolledCommitment(credential.voterId);
		if (enrolled !== undefined && enrolled !== credential.commitment) return 'other-credential';
		const kept = await wallet.keepCredential(credential);
		if (kept.commitment === credential.commitment) return 'kept';
		if (enrolled === undefined) return 'credential-conflict';
		// The one that was here lost to the one on the chain, and cannot be enrolled any more.
		await wallet.replaceCredential(credential);
		return 'kept';
	}

	async #enrolledCommitment(voterId: string): Promise<string | undefined> {
		const enrolment = this.#node.enrolments().find((one) => one.voterId === voterId);
		if (enrolment === undefined) return undefined;
		const [block] = await this.#node.blocks(enrolment.height, 1);
		for (const transaction of block?.transactions ?? []) {
			if (transaction.kind === 'enrolment' && transaction.rollIndex === enrolment.rollIndex)
				return transaction.commitment;
		}
		return undefined;
	}

	async #attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
		this.#problem = undefined;
		this.#isBusy = true;
		try {
			return await act();
		} catch (error) {
			this.#problem = errorCode(error, 'worker-failed');
			return undefined;
		} finally {
			this.#isBusy = false;
		}
	}
}
