import type { BlockHash } from '../bytes/hash';
import type { Election } from '../election/definition';
import type { Results } from '../election/tally';
import type { BallotView, NodeSnapshot, PollenNode } from '../node/api';
import { oncePerFrame } from './afterFrame';

/**
 * A node as the page sees it: its snapshot, renewed at most once an animation frame, and results and ballots, which follow from
 * the chain alone and are read when somebody looks at them.
 */
export class NodeView {
	readonly node: PollenNode;
	readonly election: Election;
	#snapshot: NodeSnapshot;
	#tip: BlockHash;
	readonly #results: () => Results;
	readonly #ballots: () => readonly BallotView[];
	readonly #close: () => void;

	constructor(node: PollenNode) {
		this.node = node;
		this.election = node.election;
		this.#snapshot = $state.raw(node.snapshot());
		this.#tip = $state.raw(this.#snapshot.tip);
		this.#results = oncePer(
			() => this.#tip,
			() => node.results()
		);
		this.#ballots = oncePer(
			() => this.#tip,
			() => node.ballots()
		);
		const { request, cancel } = oncePerFrame(() => this.#renew());
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
	}
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
