import type { ErrorCode } from '../errors/pollenError';
import type { PeerId } from '../network/port';
import { BoundedSet } from './boundedSet';
import { PASSING } from './dialler';
import { MAX_REMEMBERED } from './limits';

/** Reasons for an end that one side meant: no fault, but the peer is not sought again. */
const MEANT: ReadonlySet<ErrorCode> = new Set(['unlinked', 'other-election', 'other-protocol']);

/** Peers that a node does not seek, until the user asks for them by name. */
export class Shunned {
	/** They broke the protocol, and are not let in either. */
	readonly #offenders = new BoundedSet<PeerId>(MAX_REMEMBERED);
	/** A link with them was ended on purpose; they may come. */
	readonly #unlinked = new BoundedSet<PeerId>(MAX_REMEMBERED);
	/** The same, but there was no link on which to tell them: they are told when they dial. */
	readonly #untold = new BoundedSet<PeerId>(MAX_REMEMBERED);

	has(peerId: PeerId): boolean {
		return this.#offenders.has(peerId) || this.#unlinked.has(peerId);
	}

	/** Whether a peer that dials is to be sent away; one that had to be told once only. */
	turnsAway(peerId: PeerId): boolean {
		return this.#offenders.has(peerId) || this.#untold.delete(peerId);
	}

	/** The user has ended the link, or given up what was to become one. */
	noteUnlinked(peerId: PeerId, { wasTold }: { wasTold: boolean }): void {
		this.#unlinked.add(peerId);
		if (!wasTold) this.#untold.add(peerId);
	}

	/** A link, or an attempt at one, has ended for a reason. */
	noteEnd(peerId: PeerId, code: ErrorCode): void {
		if (MEANT.has(code)) this.#unlinked.add(peerId);
		else if (!PASSING.has(code) && code !== 'already-linked') this.#offenders.add(peerId);
	}

	forgive(peerId: PeerId): void {
		this.#offenders.delete(peerId);
		this.#unlinked.delete(peerId);
		this.#untold.delete(peerId);
	}
}
