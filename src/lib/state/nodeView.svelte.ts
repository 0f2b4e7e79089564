import type { Election } from '../election/definition';
import type { Results } from '../election/tally';
import type { BallotView, NodeSnapshot, PollenNode } from '../node/api';
import { oncePerFrame } from './afterFrame';

/** A node as the page sees it: its snapshot, results and ballots, renewed at most once an animation frame. */
export class NodeView {
	readonly node: PollenNode;
	readonly election: Election;
	#snapshot: NodeSnapshot;
	#results: Results;
	#ballots: readonly BallotView[];
	readonly #close: () => void;

	constructor(node: PollenNode) {
		this.node = node;
		this.election = node.election;
		this.#snapshot = $state.raw(node.snapshot());
		this.#results = $state.raw(node.results());
		this.#ballots = $state.raw(node.ballots());
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
		return this.#results;
	}

	/** Counted ballots in chain order. */
	get ballots(): readonly BallotView[] {
		return this.#ballots;
	}

	/** Ends the subscription; the node itself lives on. */
	close(): void {
		this.#close();
	}

	#renew(): void {
		const snapshot = this.node.snapshot();
		// The count follows from the chain alone, and a million ballots are not worth listing again for a ping.
		const moved = snapshot.tip !== this.#snapshot.tip;
		this.#snapshot = snapshot;
		if (!moved) return;
		this.#results = this.node.results();
		this.#ballots = this.node.ballots();
	}
}
