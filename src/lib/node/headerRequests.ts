import type { BlockHash } from '../bytes/hash';
import type { Header } from '../chain/header';
import type { ChainEntry } from '../chain/tree';
import type { Clock } from '../clock/port';
import { HEADERS_TIMEOUT_MS } from './limits';
import type { PeerSession } from './peerSession';

export interface HeaderRequest {
	/** Where the last answer ended, when this goes on from there. */
	readonly from: ChainEntry | undefined;
	readonly locator: ReadonlySet<BlockHash>;
	/** Its answer is here and being judged. */
	isAnswered: boolean;
	cancel(): void;
}

/** Which peers are asked for headers: one request a peer at a time, each with a time limit. */
export class HeaderRequests {
	readonly #requests = new Map<PeerSession, HeaderRequest>();

	/** @param onTimeout called when a peer has not answered in time; its request is gone then */
	constructor(
		private readonly clock: Clock,
		private readonly onTimeout: (session: PeerSession) => void
	) {}

	has(session: PeerSession): boolean {
		return this.#requests.has(session);
	}

	sessions(): PeerSession[] {
		return [...this.#requests.keys()];
	}

	ask(session: PeerSession, locator: readonly BlockHash[], from?: ChainEntry): void {
		if (session.closed || this.#requests.has(session)) return;
		const cancel = this.clock.after(HEADERS_TIMEOUT_MS, () => {
			this.#requests.delete(session);
			this.onTimeout(session);
		});
		this.#requests.set(session, { from, locator: new Set(locator), isAnswered: false, cancel });
		session.send({ type: 'getHeaders', locator });
	}

	/**
	 * The request that these headers answer, whose time stops: an answer is empty, or begins after one of the hashes that were
	 * named. Anything else is an announcement that crossed with the request, or an answer that came twice.
	 */
	answeredBy(session: PeerSession, headers: readonly Header[]): HeaderRequest | undefined {
		const request = this.#requests.get(session);
		const [first] = headers;
		if (!request || request.isAnswered || (first && !request.locator.has(first.previousHash))) return undefined;
		request.cancel();
		request.isAnswered = true;
		return request;
	}

	/** The answer is judged: the peer may be asked again. */
	finish(session: PeerSession, request: HeaderRequest | undefined): void {
		if (request && this.#requests.get(session) === request) this.#requests.delete(session);
	}

	drop(session: PeerSession): void {
		this.#requests.get(session)?.cancel();
		this.#requests.delete(session);
	}
}
