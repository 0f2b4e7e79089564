import type { Clock } from '../clock/port';
import { errorCode, PollenError, type ErrorCode } from '../errors/pollenError';
import type { Connection, Network, PeerId } from '../network/port';
import { backoffMs } from './backoff';
import { deferred, type Deferred } from './deferred';
import { MAX_UNKNOWN_TRIES } from './limits';

export interface DiallerEvents {
	/** A link that was dialled is open; its hello comes next. */
	opened(connection: Connection): void;
	/** The signalling server did not know the peer so often that it is gone. */
	gaveUp(peerId: PeerId): void;
	changed(): void;
}

/** A peer that this node wants a link to. */
interface Wanted {
	state: 'dialling' | 'waiting' | 'linked';
	/** Whether a failure is followed by another try. A peer ID that somebody just typed must work once before it is kept. */
	keep: boolean;
	attempt: number;
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
	'too-many-peers'
]);

/** Dials the peers that this node wants to be linked to, and dials them again when a link is lost. */
export class Dialler {
	readonly #wanted = new Map<PeerId, Wanted>();

	constructor(
		private readonly network: Network,
		private readonly clock: Clock,
		private readonly random: () => number,
		private readonly events: DiallerEvents
	) {}

	get size(): number {
		return this.#wanted.size;
	}

	has(peerId: PeerId): boolean {
		return this.#wanted.has(peerId);
	}

	/** Peers that are wanted and not linked. */
	absent(): { readonly peerId: PeerId; readonly state: 'dialling' | 'waiting' }[] {
		return [...this.#wanted].flatMap(([peerId, { state }]) => (state === 'linked' ? [] : [{ peerId, state }]));
	}

	/** Resolves when the link stands (see `confirm`), rejects with the code of the first failure. */
	link(peerId: PeerId): Promise<void> {
		const wanted = this.#want(peerId, false);
		const caller = deferred<void>();
		wanted.callers.push(caller);
		if (wanted.state !== 'dialling') void this.#dial(peerId, wanted);
		return caller.promise;
	}

	/** Dials a peer that worked before, without anybody waiting for it. */
	redial(peerId: PeerId): void {
		const wanted = this.#want(peerId, true);
		if (wanted.state === 'waiting') void this.#dial(peerId, wanted);
	}

	/** A link to this peer stands: if it is wanted, it is kept from now on. */
	confirm(peerId: PeerId): void {
		const wanted = this.#wanted.get(peerId);
		if (!wanted) return;
		wanted.cancelRetry?.();
		Object.assign(wanted, { state: 'linked', keep: true, attempt: 0, unknownTries: 0 });
		for (const caller of wanted.callers.splice(0)) caller.resolve();
	}

	/** Like `confirm`, for a peer that was not wanted until now. */
	keep(peerId: PeerId): void {
		this.#want(peerId, true);
		this.confirm(peerId);
	}

	/** A link to this peer ended, or could not be made. Does nothing for a peer that is not wanted. */
	missed(peerId: PeerId, code: ErrorCode): void {
		const wanted = this.#wanted.get(peerId);
		if (!wanted) return;
		// Another link to the same peer is being made: it answers the callers. If it fails, there is the retry.
		if (code === 'already-linked') return this.#retryLater(peerId, wanted);
		reject(wanted, peerId, code);
		if (code === 'unknown-peer') wanted.unknownTries += 1;
		const gone = wanted.unknownTries >= MAX_UNKNOWN_TRIES;
		if (wanted.keep && PASSING.has(code) && !gone) return this.#retryLater(peerId, wanted);
		this.forget(peerId, code);
		if (gone) this.events.gaveUp(peerId);
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
		for (const [peerId, wanted] of this.#wanted) if (wanted.state === 'waiting') void this.#dial(peerId, wanted);
	}

	stop(): void {
		for (const peerId of [...this.#wanted.keys()]) this.forget(peerId, 'unlinked');
	}

	#want(peerId: PeerId, keep: boolean): Wanted {
		const existing = this.#wanted.get(peerId);
		if (existing) return existing;
		const wanted: Wanted = { state: 'waiting', keep, attempt: 0, unknownTries: 0, callers: [] };
		this.#wanted.set(peerId, wanted);
		return wanted;
	}

	async #dial(peerId: PeerId, wanted: Wanted): Promise<void> {
		wanted.cancelRetry?.();
		wanted.state = 'dialling';
		this.events.changed();
		try {
			const connection = await this.network.connect(peerId);
			if (this.#wanted.get(peerId) === wanted) this.events.opened(connection);
			else connection.close('unlinked');
		} catch (error) {
			// While it was dialled, a link may have come the other way.
			const idle = this.#wanted.get(peerId) === wanted && wanted.state === 'dialling';
			if (idle) this.missed(peerId, errorCode(error, 'unknown-peer'));
		}
		this.events.changed();
	}

	#retryLater(peerId: PeerId, wanted: Wanted): void {
		wanted.state = 'waiting';
		wanted.cancelRetry?.();
		wanted.cancelRetry = this.clock.after(backoffMs(wanted.attempt, this.random), () => {
			void this.#dial(peerId, wanted);
		});
		wanted.attempt += 1;
	}
}

function reject({ callers }: Wanted, peerId: PeerId, code: ErrorCode): void {
	for (const caller of callers.splice(0)) caller.reject(new PollenError(code, `no link to ${peerId}`));
}
