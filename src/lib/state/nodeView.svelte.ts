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
			() => (isFarBehind(this.#snapshot) ? SYNC_PAUSE_MS : 0)
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

	/** Whether so much is still to be fetched that ballots are not listed anew. */
	get isFarBehind(): boolean {
		return isFarBehind(this.#snapshot);
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
		if (!this.isFarBehind) this.#listedTip = this.#tip;
	}
}

function isFarBehind({ sync: { state, done, total } }: NodeSnapshot): boolean {
	return state === 'blocks' && total - done >= FAR_BEHIND_BLOCKS;
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
