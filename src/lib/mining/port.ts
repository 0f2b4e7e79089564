import type { BlockHash } from '../bytes/hash';

/** The work function: hash of the 64 KiB work message of an encoded header. Rejects only when hashing is unavailable. */
export type WorkHash = (header: Uint8Array) => Promise<BlockHash>;

export interface MiningJob {
	/** Encoded header; its nonce is where the search starts. */
	readonly header: Uint8Array;
	readonly target: bigint;
}

export interface MiningResult {
	readonly nonce: bigint;
	readonly hash: BlockHash;
}

export interface MiningProgress {
	/** Hashes done since mining started, over all jobs. */
	readonly hashes: number;
	/** Hashes a second, smoothed. */
	readonly hashRate: number;
}

/** Searches nonces. One job at a time: a new job replaces the running one at once. */
export interface Miner {
	/** Resolves with the nonce, or with undefined when the job was replaced or stopped. */
	mine(job: MiningJob): Promise<MiningResult | undefined>;
	/** Ends the running job at once; the worker stays for the next. */
	stop(): void;
	onProgress: ((progress: MiningProgress) => void) | undefined;
	/** Ends the worker. */
	close(): void;
}
