import type { ElectionId } from '../bytes/hash';
import { errorCode, PollenError, type ErrorCode } from '../errors/pollenError';
import type { Wallet, WalletEntry } from '../storage/port';

/** A file to hand to the reader before what it holds is forgotten. */
export interface KeepsakeFile {
	readonly fileName: string;
	readonly content: unknown;
}

/** What the list needs of the device. */
export interface Keeper {
	withWallet<T>(task: (wallet: Wallet) => Promise<T>): Promise<T>;
	/** Forgets an election with all that belongs to it. */
	leaveElection(electionId: ElectionId): Promise<void>;
}

/** The wallet is small and loaded with the list; the node, which leaving needs, only when somebody leaves. */
const KEEPER: Keeper = {
	async withWallet(task) {
		return await (await import('../node/walletAccess')).withWallet(task);
	},
	async leaveElection(electionId) {
		await (await import('../node/boot')).leaveElection(electionId);
	}
};

/** The elections that this browser profile knows, latest opened first. */
export class MyElections {
	readonly #keeper: Keeper;
	#entries: readonly WalletEntry[] = $state.raw([]);
	#problem: ErrorCode | undefined = $state.raw();
	#restoreProblem: ErrorCode | undefined = $state.raw();

	constructor(keeper: Keeper = KEEPER) {
		this.#keeper = keeper;
	}

	/** None until they are loaded. */
	get entries(): readonly WalletEntry[] {
		return this.#entries;
	}

	/** Why the last thing asked for did not work. */
	get problem(): ErrorCode | undefined {
		return this.#problem;
	}

	/** Why the last backup could not be restored. */
	get restoreProblem(): ErrorCode | undefined {
		return this.#restoreProblem;
	}

	/** Reads the list anew. Never rejects. */
	async load(): Promise<void> {
		await this.#ask(async () => {
			this.#entries = await this.#keeper.withWallet((wallet) => wallet.listElections());
		});
	}

	/** Forgets an election. Resolves with whether it is forgotten; never rejects. */
	async leave(electionId: ElectionId): Promise<boolean> {
		const isDone = await this.#ask(() => this.#keeper.leaveElection(electionId));
		if (isDone) await this.load();
		return isDone;
	}

	/**
	 * Makes this profile the organiser of the election that a backup is of. Resolves with its ID; with undefined, and a problem,
	 * when the file is no such backup or cannot be kept, and nothing was changed.
	 */
	async restoreOrganiser(file: Blob): Promise<ElectionId | undefined> {
		try {
			const { MAX_ORGANISER_FILE_LENGTH, parseOrganiserFile } = await import('../storage/organiserFile');
			if (file.size > MAX_ORGANISER_FILE_LENGTH) throw new PollenError('bad-backup');
			const { organiser, election } = parseOrganiserFile(await file.text());
			await this.#keeper.withWallet((wallet) => wallet.saveOrganiser(organiser, election));
			this.#restoreProblem = undefined;
			return organiser.electionId;
		} catch (error) {
			this.#restoreProblem = errorCode(error, 'bad-backup');
			return undefined;
		}
	}

	/** The organiser's backup; undefined, with a problem, when it cannot be made. */
	async organiserBackup({ electionId }: WalletEntry): Promise<KeepsakeFile | undefined> {
		return await this.#make(async () => {
			const { organiserFile } = await import('../storage/organiserFile');
			return await this.#keeper.withWallet(async (wallet) => {
				const organiser = await wallet.loadOrganiser(electionId);
				const election = await wallet.loadElection(electionId);
				if (!organiser || !election) throw new PollenError('not-organiser');
				const content = organiserFile(organiser, election);
				return { fileName: `pollen-organiser-${electionId.slice(0, 12)}.json`, content };
			});
		});
	}

	/** A voter's credential; undefined, with a problem, when it cannot be made. */
	async credentialBackup({ electionId, title }: WalletEntry, voterId: string): Promise<KeepsakeFile | undefined> {
		return await this.#make(async () => {
			const { credentialFile } = await import('../storage/credentialFile');
			return await this.#keeper.withWallet(async (wallet) => {
				const credential = await wallet.loadCredential(electionId, voterId);
				if (!credential) throw new PollenError('not-enrolled');
				const fileName = `pollen-credential-${electionId.slice(0, 12)}-${voterId.replace(/[^\p{L}\p{N}_-]/gu, '_')}.json`;
				return { fileName, content: credentialFile(credential, title) };
			});
		});
	}

	async #make(make: () => Promise<KeepsakeFile>): Promise<KeepsakeFile | undefined> {
		let file: KeepsakeFile | undefined;
		await this.#ask(async () => {
			file = await make();
		});
		return file;
	}

	async #ask(act: () => Promise<void>): Promise<boolean> {
		try {
			await act();
			this.#problem = undefined;
			return true;
		} catch (error) {
			if (!(error instanceof PollenError)) reportError(error);
			this.#problem = errorCode(error, 'storage-failed');
			return false;
		}
	}
}
