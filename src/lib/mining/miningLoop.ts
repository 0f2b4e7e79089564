import { encodeStrict, uint256 } from '../bytes/coders';
import { hashFromBytes } from '../bytes/hex';
import { workMessage } from '../chain/work';
import { PollenError } from '../errors/pollenError';
import { HashMeter } from './hashMeter';
import { isAtMost } from './isAtMost';
import { NonceCounter } from './nonceCounter';
import type { MiningJob, MiningProgress, MiningResult } from './port';

/** What the loop needs from where it runs. */
export interface MiningEnvironment {
	/** SHA-256. Must be done with the message when it returns: the loop writes the next nonce into it at once. */
	digest(message: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
	/** Lets in the events that wait, the next job among them. */
	nextTurn(): Promise<void>;
	/** Milliseconds of a clock that never goes back. */
	nowMs(): number;
}

/**
 * Digests that are under way at once. Chromium 156 hashes on the worker's own thread, where 1 to 8 measured alike within the
 * noise (about 0.88 of native); Node, and browsers with a thread of their own for WebCrypto, must never wait for the next message.
 */
export const DIGESTS_IN_FLIGHT = 4;

/**
 * How long the loop may keep other events waiting. Awaiting digests does not let them in: Chromium delivers finished
 * digests before messages, so a worker that always has one under way never hears of its next job (measured: never, not
 * late). Short enough for a new template within 50 ms, long enough to cost no measurable part of the hash rate.
 */
const TURN_MS = 10;

/** A look at the clock costs little, but not nothing. On a device with 500 hashes a second this is one in 16 ms. */
const HASHES_PER_CLOCK_CHECK = 8;

/** A search that is running; it is over as soon as it is no longer the loop's. */
interface Run {
	readonly end: (result: MiningResult | undefined) => void;
}

/** Searches nonces for one job at a time. Knows neither workers nor the page. */
export class MiningLoop {
	onProgress: ((progress: MiningProgress) => void) | undefined;
	readonly #environment: MiningEnvironment;
	readonly #meter = new HashMeter();
	#run: Run | undefined;

	constructor(environment: MiningEnvironment) {
		this.#environment = environment;
	}

	/**
	 * Resolves with the first nonce, counting from the header's, whose hash meets the target; with undefined as soon as
	 * the job is replaced or stopped. Of a job that ended, at most the digests in flight are still computed.
	 * Rejects with bad-encoding for a job that makes no sense, insecure-context or worker-failed when hashing fails.
	 */
	mine(job: MiningJob): Promise<MiningResult | undefined> {
		this.stop();
		return new Promise((resolve, reject) => {
			const run: Run = { end: resolve };
			this.#run = run;
			this.#meter.start(this.#environment.nowMs());
			this.#search(job, run).then(
				(result) => this.#finish(run, () => resolve(result)),
				(error: unknown) => this.#finish(run, () => reject(asPollenError(error)))
			);
		});
	}

	/** Ends the running job at once; its promise resolves with undefined. */
	stop(): void {
		const run = this.#run;
		if (run !== undefined) this.#finish(run, () => run.end(undefined));
	}

	#finish(run: Run, settle: () => void): void {
		if (this.#run === run) {
			this.#run = undefined;
			this.#meter.stop(this.#environment.nowMs());
		}
		settle();
	}

	async #search(job: MiningJob, run: Run): Promise<MiningResult | undefined> {
		const message = workMessage(job.header);
		const target = encodeStrict(uint256, job.target, 'target');
		const counter = new NonceCounter(message);
		const inFlight: Promise<ArrayBuffer>[] = [];
		while (inFlight.length < DIGESTS_IN_FLIGHT) inFlight.push(this.#startDigest(message, counter));

		let turnAtMs = this.#environment.nowMs() + TURN_MS;
		// The oldest digest is awaited while the others keep the hashing thread busy; each that is done makes room for one.
		for (let tested = 0; ; tested++) {
			const slot = tested % DIGESTS_IN_FLIGHT;
			const hash = new Uint8Array((await inFlight[slot]) as ArrayBuffer);
			if (this.#run !== run) return undefined;
			inFlight[slot] = this.#startDigest(message, counter);
			this.#meter.count();
			if (isAtMost(hash, target)) return { nonce: counter.nonceAfter(tested), hash: hashFromBytes(hash) };
			if (tested % HASHES_PER_CLOCK_CHECK !== 0 || this.#environment.nowMs() < turnAtMs) continue;
			this.#report();
			await this.#environment.nextTurn();
			turnAtMs = this.#environment.nowMs() + TURN_MS;
		}
	}

	#startDigest(message: Uint8Array<ArrayBuffer>, counter: NonceCounter): Promise<ArrayBuffer> {
		const digest = this.#environment.digest(message);
		// Digests that are dropped, or not awaited yet, may fail; the one that is awaited tells.
		digest.catch(() => undefined);
		counter.increment();
		return digest;
	}

	#report(): void {
		const progress = this.#meter.report(this.#environment.nowMs());
		if (progress !== undefined) this.onProgress?.(progress);
	}
}

function asPollenError(error: unknown): PollenError {
	if (error instanceof PollenError) return error;
	return new PollenError('worker-failed', 'hashing failed', { cause: error });
}
