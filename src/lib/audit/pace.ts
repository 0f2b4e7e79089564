import { PollenError } from '../errors/pollenError';
import { nextTurn } from '../mining/nextTurn';

/** How long the audit holds its thread at a time: short enough for a page to stay live. */
const TURN_MS = 40;

/** Lets others have their turn while the audit runs, and ends it when it is told to. */
export class Pace {
	#turnStarted = performance.now();

	constructor(private readonly signal: AbortSignal | undefined) {}

	/** Call it often: most calls cost nothing. Resolves with whether others had their turn; rejects with `aborted`. */
	async breathe(): Promise<boolean> {
		this.#throwIfAborted();
		if (performance.now() - this.#turnStarted < TURN_MS) return false;
		await nextTurn();
		this.#throwIfAborted();
		this.#turnStarted = performance.now();
		return true;
	}

	#throwIfAborted(): void {
		if (this.signal?.aborted) throw new PollenError('aborted', 'the audit was stopped');
	}
}
