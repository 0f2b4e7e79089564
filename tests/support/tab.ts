import type { Clock } from '../../src/lib/clock/port';
import { PollenError } from '../../src/lib/errors/pollenError';
import type { Network } from '../../src/lib/network/port';
import { passThrough } from './passThrough';

/**
 * What a node's tab gives it and takes away: its own idea of the time, and with the tab's death every timer and every way out.
 * A crash leaves the node's objects behind in the test's process, where they must not go on acting.
 */
export class Tab implements Clock {
	#isDead = false;

	/** @param offsetMs how far this tab's clock is ahead of the others; it may be set right later */
	constructor(
		private readonly clock: Clock,
		public offsetMs = 0
	) {}

	get isDead(): boolean {
		return this.#isDead;
	}

	now(): number {
		return this.clock.now() + this.offsetMs;
	}

	after(delayMs: number, callback: () => void): () => void {
		return this.clock.after(delayMs, () => {
			if (!this.#isDead) callback();
		});
	}

	die(): void {
		this.#isDead = true;
	}

	/** The same network, as long as the tab lives. */
	network(network: Network): Network {
		return passThrough(network, {
			start: (events) =>
				network.start({
					connection: (connection) => {
						if (!this.#isDead) events.connection(connection);
					},
					signalling: (state) => {
						if (!this.#isDead) events.signalling(state);
					}
				}),
			connect: async (peerId, options) => {
				this.#assertAlive();
				const connection = await network.connect(peerId, options);
				this.#assertAlive();
				return connection;
			},
			claim: async (peerId, onLost) => {
				this.#assertAlive();
				const claim = await network.claim(peerId, onLost);
				if (this.#isDead) claim?.release();
				return claim;
			}
		});
	}

	#assertAlive(): void {
		if (this.#isDead) throw new PollenError('aborted', 'this tab is dead');
	}
}
