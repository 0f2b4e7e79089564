/** A run that broke a promise. The seed replays it exactly. */
export class BrokenPromise extends Error {
	constructor(seed: number, message: string, log: readonly string[]) {
		super(`seed ${seed}: ${message}\n${log.join('\n')}`);
	}
}
