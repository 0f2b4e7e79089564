import { DIALS, MAX_OFFERERS, OFFERS, OFFERS_OF_ONE, REFUSALS, RESERVED_DIALS } from './limits';
import { TokenBucket } from './tokenBucket';

/**
 * How many more WebRTC connections a page may make: see `DIALS` for why that is little. One page has one budget, whatever networks
 * it opens. What others can make it spend is counted apart from what it spends itself, so that a flood of offers leaves the node
 * its own dials; and dials by itself leave some to what the user asks for.
 */
export class ConnectionBudget {
	readonly #dials: TokenBucket;
	readonly #offers: TokenBucket;
	readonly #refusals: TokenBucket;
	/** By who makes the offers; the oldest first. */
	readonly #offersOf = new Map<string, TokenBucket>();

	constructor(private readonly now: () => number = () => performance.now()) {
		this.#dials = new TokenBucket(DIALS, now);
		this.#offers = new TokenBucket(OFFERS, now);
		this.#refusals = new TokenBucket(REFUSALS, now);
	}

	/** Whether a peer may be dialled now; counts it if so. */
	takeDial(automatic: boolean): boolean {
		return this.#dials.take(automatic ? RESERVED_DIALS : 0);
	}

	/** Whether this peer's offer may become a connection now; counts it if so. */
	takeOffer(peerId: string): boolean {
		const own = this.#offersOf.get(peerId) ?? new TokenBucket(OFFERS_OF_ONE, this.now);
		if (!own.take()) return false;
		this.#offersOf.delete(peerId);
		this.#offersOf.set(peerId, own);
		if (this.#offersOf.size > MAX_OFFERERS) this.#forgetOldest();
		return this.#offers.take();
	}

	/** Whether a refused peer may be told so: else a flood of offers would become a flood of answers. */
	takeRefusal(): boolean {
		return this.#refusals.take();
	}

	#forgetOldest(): void {
		const [oldest] = this.#offersOf.keys();
		if (oldest !== undefined) this.#offersOf.delete(oldest);
	}
}
