import { PollenError } from '../errors/pollenError';
import { nextTurn } from '../mining/nextTurn';

/**
 * How long a long task holds its thread at a time: half a frame, so that a page stays live whatever the last piece takes, also
 * where it has to share a core.
 */
const TURN_MS = 8;

/** Lets others have their turn while a long task runs, and ends it when it is told to. */
export class Pace {
	/** Undefined before the first breath. */
	#turnStarted: number | undefined;

	/** @param now what time it is, in ms: whose clock stands still holds its thread to the end */
	constructor(
		private readonly signal?: AbortSignal,
		private readonly now: () => number = () => performance.now()
	) {}

	/** Call it often: most calls cost nothing. Resolves with whether others had their turn; rejects with `aborted`. */
	async breathe(): Promise<boolean> {
		this.#throwIfAborted();
		this.#turnStarted ??= this.now();
		if (this.now() - this.#turnStarted < TURN_MS) return false;
		await nextTurn();
		this.#throwIfAborted();
		this.#turnStarted = this.now();
		return true;
	}

	#throwIfAborted(): void {
		if (this.signal?.aborted) throw new PollenError('aborted', 'the audit was stopped');
	}
}
