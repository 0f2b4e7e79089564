import { SvelteMap } from 'svelte/reactivity';
import type { BlockHash } from '../bytes/hash';
import type { BlockJson } from '../election/json';
import type { PollenNode } from '../node/api';

/** Blocks that are read at once at most. */
const READ_LIMIT = 16;
/** Blocks that are kept at most, unless more are in view: a block may hold 256 KiB. */
const KEPT_LIMIT = 48;

/** The main chain, of which blocks are read from storage as they come into view. */
export class ChainView {
	readonly #node: Pick<PollenNode, 'blocks' | 'snapshot'>;
	#length = $state(0);
	readonly #blocks = new SvelteMap<number, { readonly block: BlockJson; readonly branch: number }>();
	/** The tip of the chain that is shown. */
	#tip: { readonly height: number; readonly hash: BlockHash } | undefined;
	/** Counts reorganisations: what was read before the last is shown until it is read again. */
	#branch = 0;
	#inView = { first: 0, end: 0 };
	#reading: Promise<void> | undefined;

	constructor(node: Pick<PollenNode, 'blocks' | 'snapshot'>) {
		this.#node = node;
	}

	/** How many blocks the chain has, genesis included; 0 before the first {@link refresh}. */
	get length(): number {
		return this.#length;
	}

	/** The block of a height, or undefined until it is read. */
	blockAt(height: number): BlockJson | undefined {
		return this.#blocks.get(height)?.block;
	}

	/** Says which blocks are in view, from a height up to, and without, another. Resolves when they are read. */
	show(first: number, end: number): Promise<void> {
		this.#inView = { first, end };
		return this.refresh();
	}

	/** Follows the node to its tip and reads what is in view. Calls made meanwhile lead to no further reading of the same. */
	refresh(): Promise<void> {
		return (this.#reading ??= this.#catchUp());
	}

	async #catchUp(): Promise<void> {
		// In a turn of its own: an effect that asks for it must not depend on what is read here.
		await Promise.resolve();
		try {
			for (;;) {
				const { height, tip } = this.#node.snapshot();
				if (tip !== this.#tip?.hash) {
					await this.#follow({ height, hash: tip });
					continue;
				}
				const missing = this.#missing();
				if (missing.length === 0) return;
				// The chain is that of the tip above, whatever the node does while it reads.
				const blocks = await this.#node.blocks(missing[0], missing.length);
				this.#keep(blocks);
				if (blocks.length < missing.length) return;
			}
		} finally {
			// In the same turn: whoever asks from now on must not be given a reading that is over.
			this.#reading = undefined;
		}
	}

	/** A chain that has a child of the tip shown so far has all that is below it, so that nothing need be read again. */
	async #follow(tip: { readonly height: number; readonly hash: BlockHash }): Promise<void> {
		const known = this.#tip;
		const [next] = known === undefined ? [] : await this.#node.blocks(known.height + 1, 1);
		if (next === undefined || next.previousHash !== known?.hash) this.#branch += 1;
		this.#tip = tip;
		if (next) this.#keep([next]);
		this.#length = tip.height + 1;
	}

	/** Heights in view whose blocks are not known, one after the other, the newest first. */
	#missing(): number[] {
		const heights: number[] = [];
		for (let height = Math.min(this.#inView.end, this.#length) - 1; height >= this.#inView.first; height--) {
			if (this.#blocks.get(height)?.branch !== this.#branch) heights.unshift(height);
			else if (heights.length > 0) break;
			if (heights.length === READ_LIMIT) break;
		}
		return heights;
	}

	#keep(blocks: readonly BlockJson[]): void {
		const { first, end } = this.#inView;
		const distance = (height: number) => Math.max(first - height, height - end + 1, 0);
		for (const block of blocks) this.#blocks.set(block.height, { block, branch: this.#branch });
		const farthest = [...this.#blocks.keys()].sort((a, b) => distance(b) - distance(a));
		for (const height of farthest.slice(0, Math.max(0, farthest.length - KEPT_LIMIT))) {
			if (distance(height) > 0) this.#blocks.delete(height);
		}
	}
}
