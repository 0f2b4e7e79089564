import type { BlockHash } from '../bytes/hash';
import type { Election } from '../election/definition';
import type { Results } from '../election/tally';
import type { BallotView, NodeSnapshot, PollenNode } from '../node/api';
import { FAR_BEHIND_BLOCKS } from '../node/limits';
import { oncePerFrame } from './afterFrame';

/**
 * While a node catches up it changes with every step, and to draw each would take the time that checking ballots needs. Progress is
 * seen as well at four pictures a second.
 */
const SYNC_PAUSE_MS = 250;

/**
 * A node as the page sees it: its snapshot, renewed at most once an animation frame, or less often while it catches up, and
 * results and ballots, which follow from the chain alone and are read when somebody looks at them. Ballots are not listed anew
 * while the node is far behind.
 */
export class NodeView {
	readonly node: PollenNode;
	readonly election: Election;
	#snapshot: NodeSnapshot;
	#tip: BlockHash;
	#isFarBehind: boolean;
	/** Up to which block ballots are listed. */
	#listedTip: BlockHash;
	readonly #results: () => Results;
	readonly #ballots: () => readonly BallotView[];
	readonly #close: () => void;

	constructor(node: PollenNode) {
		this.node = node;
		this.election = node.election;
		this.#snapshot = $state.raw(node.snapshot());
		this.#tip = $state.raw(this.#snapshot.tip);
		this.#isFarBehind = $state.raw(isFarBehind(this.#snapshot, false));
		this.#listedTip = $state.raw(this.#snapshot.tip);
		this.#results = oncePer(
			() => this.#tip,
			() => node.results()
		);
		this.#ballots = oncePer(
			() => this.#listedTip,
			() => node.ballots()
		);
		const { request, cancel } = oncePerFrame(
			() => this.#renew(),
			() => (this.#isFarBehind ? SYNC_PAUSE_MS : 0)
		);
		const unsubscribe = node.subscribe(request);
		this.#close = () => {
			unsubscribe();
			cancel();
		};
	}

	get snapshot(): NodeSnapshot {
		return this.#snapshot;
	}

	get results(): Results {
		return this.#results();
	}

	/** Whether so much was still to be fetched that ballots are not listed anew until all is here. */
	get isFarBehind(): boolean {
		return this.#isFarBehind;
	}

	/** Counted ballots in chain order. */
	get ballots(): readonly BallotView[] {
		return this.#ballots();
	}

	/** Ends the subscription; the node itself lives on. */
	close(): void {
		this.#close();
	}

	#renew(): void {
		this.#snapshot = this.node.snapshot();
		// A change to the same is none: a million ballots are not listed again for a ping.
		this.#tip = this.#snapshot.tip;
		this.#isFarBehind = isFarBehind(this.#snapshot, this.#isFarBehind);
		if (!this.#isFarBehind) this.#listedTip = this.#tip;
	}
}

/**
 * Few blocks may be missing only because the headers after them have not come yet, so that a node that was far behind is so until
 * nothing is missing.
 */
function isFarBehind({ sync: { state, done, total } }: NodeSnapshot, wasFarBehind: boolean): boolean {
	return state !== 'idle' && (wasFarBehind || total - done >= FAR_BEHIND_BLOCKS);
}

/** Reads again only when the key has changed. */
function oncePer<Key, T>(key: () => Key, read: () => T): () => T {
	let last: { readonly key: Key; readonly value: T } | undefined;
	return () => {
		const now = key();
		if (last?.key !== now) last = { key: now, value: read() };
		return last.value;
	};
}
