/** Time as the node sees it, so that tests can drive it. */
export interface Clock {
	/** Milliseconds since the Unix epoch. */
	now(): number;
	/** Calls `callback` once after `delayMs`; returns a function that cancels it. */
	after(delayMs: number, callback: () => void): () => void;
}
