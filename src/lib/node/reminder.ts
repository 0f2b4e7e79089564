import type { Clock } from '../clock/port';
import { between, pick } from './chance';
import { REMINDER_MS } from './limits';
import type { PeerSession } from './peerSession';
import type { Relay } from './relay';

/**
 * Makes good what was lost on its way: now and then this node says its tip again to peers that may not have it, and asks one of
 * them for everything that is pending.
 */
export class Reminder {
	#cancel: (() => void) | undefined;

	constructor(
		private readonly relay: Relay,
		private readonly sessions: () => Iterable<PeerSession>,
		private readonly clock: Clock,
		private readonly random: () => number
	) {}

	start(): void {
		this.#cancel = this.clock.after(between(REMINDER_MS, this.random), () => {
			this.relay.repeatTip();
			pick([...this.sessions()], this.random)?.send({ type: 'getTransactions', ids: [] });
			this.start();
		});
	}

	stop(): void {
		this.#cancel?.();
	}
}
