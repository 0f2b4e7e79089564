import type { Clock } from '../clock/port';
import { errorCode, PollenError, type ErrorCode } from '../errors/pollenError';
import { Backoff } from '../network/backoff';
import type { Connection, Network, PeerId } from '../network/port';
import { deferred, type Deferred } from './deferred';
import { MAX_UNKNOWN_TRIES, RETRY_MS } from './limits';

export interface DiallerEvents {
	/** A link that was dialled is open; its hello comes next. */
	opened(connection: Connection): void;
	/** No link could be opened. */
	failed(peerId: PeerId, code: ErrorCode): void;
	changed(): void;
}

/** A peer that this node wants a link to. */
interface Wanted {
	state: 'dialling' | 'waiting' | 'linked';
	/** Whether the user asked for it by name. */
	isByHand: boolean;
	/** Whether a failure is followed by another try. A peer ID that somebody just typed must work once before it is kept. */
	keep: boolean;
	readonly backoff: Backoff;
	unknownTries: number;
	cancelRetry?: () => void;
	/** Callers of `link`, answered by the first hello or the first failure. */
	readonly callers: Deferred<void>[];
}

/** Failures that may pass. After any other, a peer is not dialled again. */
export const PASSING: ReadonlySet<ErrorCode> = new Set([
	'link-lost',
	'peer-timeout',
	'unknown-peer',
	'signalling-unreachable',
	'too-many-peers',
	'too-many-dials'
]);

/**
 * Dials peers. Those that the user asked for are dialled again when the link is lost; of those that the node chose itself,
 * another may take the place.
 */
export class Dialler {
	readonly #wanted = new Map<PeerId, Wanted>();

	constructor(
		private readonly network: Network,
		private readonly clock: Clock,
		private readonly random: () => number,
		private readonly events: DiallerEvents
	) {}

	/** Dials under way, up to the peer's hello. */
	get dialling(): number {
		return [...this.#wanted.values()].filter(({ state }) => state === 'dialling').length;
	}

	has(peerId: PeerId): boolean {
		return this.#wanted.has(peerId);
	}

	/** Whether the user asked for this peer by name. */
	isByHand(peerId: PeerId): boolean {
		return this.#wanted.get(peerId)?.isByHand ?? false;
	}

	/** Peers that are wanted and not linked. */
	absent(): { readonly peerId: PeerId; readonly state: 'dialling' | 'waiting' }[] {
		return [...this.#wanted].flatMap(([peerId, { state }]) => (state === 'linked' ? [] : [{ peerId, state }]));
	}

	/** Resolves when the link stands (see `confirm`), rejects with the code of the first failure. */
	link(peerId: PeerId): Promise<void> {
		const wanted = this.#want(peerId);
		const caller = deferred<void>();
		wanted.isByHand = true;
		wanted.callers.push(caller);
		if (wanted.state !== 'dialling') void this.#dial(peerId, wanted, false);
		return caller.promise;
	}

	/** Dials a peer that the node chose itself, once. */
	dial(peerId: PeerId): void {
		if (!this.#wanted.has(peerId)) void this.#dial(peerId, this.#want(peerId), true);
	}

	/** A link to this peer stands: if it is wanted, it is kept from now on. */
	confirm(peerId: PeerId): void {
		const wanted = this.#wanted.get(peerId);
		if (!wanted) return;
		wanted.cancelRetry?.();
		Object.assign(wanted, { state: 'linked', keep: wanted.isByHand, unknownTries: 0 });
		wanted.backoff.reset();
		for (const caller of wanted.callers.splice(0)) caller.resolve();
	}

	/** Keeps a link that stands from now on: the user asked for it by name. */
	keep(peerId: PeerId): void {
		this.#want(peerId).isByHand = true;
		this.confirm(peerId);
	}

	/** A link to this peer ended, or could not be made. Does nothing for a peer that is not wanted. */
	missed(peerId: PeerId, code: ErrorCode): void {
		const wanted = this.#wanted.get(peerId);
		if (!wanted) return;
		// Another link to the same peer is being made: it answers the callers. If it fails, there is the retry.
		if (code === 'already-linked' && wanted.isByHand) return this.#retryLater(peerId, wanted);
		reject(wanted, peerId, code);
		if (code === 'unknown-peer') wanted.unknownTries += 1;
		const gone = wanted.unknownTries >= MAX_UNKNOWN_TRIES;
		if (wanted.keep && PASSING.has(code) && !gone) return this.#retryLater(peerId, wanted);
		this.forget(peerId, code);
	}

	forget(peerId: PeerId, code: ErrorCode): void {
		const wanted = this.#wanted.get(peerId);
		if (!wanted) return;
		this.#wanted.delete(peerId);
		wanted.cancelRetry?.();
		reject(wanted, peerId, code);
	}

	/** Dials everybody who waits for a retry: what stood in the way may be gone. */
	retryNow(): void {
		for (const [peerId, wanted] of this.#wanted) if (wanted.state === 'waiting') void this.#dial(peerId, wanted, true);
	}

	stop(): void {
		for (const peerId of [...this.#wanted.keys()]) this.forget(peerId, 'unlinked');
	}

	#want(peerId: PeerId): Wanted {
		const existing = this.#wanted.get(peerId);
		if (existing) return existing;
		const backoff = new Backoff(RETRY_MS, this.random);
		const wanted: Wanted = { state: 'waiting', isByHand: false, keep: false, backoff, unknownTries: 0, callers: [] };
		this.#wanted.set(peerId, wanted);
		return wanted;
	}

	async #dial(peerId: PeerId, wanted: Wanted, automatic: boolean): Promise<void> {
		wanted.cancelRetry?.();
		wanted.state = 'dialling';
		this.events.changed();
		try {
			const connection = await this.network.connect(peerId, { automatic });
			if (this.#wanted.get(peerId) === wanted) this.events.opened(connection);
			else connection.close('unlinked');
		} catch (error) {
			// While it was dialled, a link may have come the other way.
			const idle = this.#wanted.get(peerId) === wanted && wanted.state === 'dialling';
			const code = errorCode(error, 'unknown-peer');
			if (idle) this.missed(peerId, code);
			if (idle) this.events.failed(peerId, code);
		}
		this.events.changed();
	}

	#retryLater(peerId: PeerId, wanted: Wanted): void {
		wanted.state = 'waiting';
		wanted.cancelRetry?.();
		wanted.cancelRetry = this.clock.after(wanted.backoff.nextMs(), () => {
			void this.#dial(peerId, wanted, true);
		});
	}
}

function reject({ callers }: Wanted, peerId: PeerId, code: ErrorCode): void {
	for (const caller of callers.splice(0)) caller.reject(new PollenError(code, `no link to ${peerId}`));
}
