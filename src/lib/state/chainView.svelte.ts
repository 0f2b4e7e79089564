import type { BlockJson } from '../election/json';
import type { PollenNode } from '../node/api';

const PAGE = 12;

/** The newest blocks of the main chain, newest first, as many as the reader asked for. */
export class ChainView {
	readonly #node: Pick<PollenNode, 'blocks' | 'snapshot'>;
	#blocks: readonly BlockJson[] = $state.raw([]);
	#shown = PAGE;
	#reading: Promise<void> | undefined;
	#stale = false;

	constructor(node: Pick<PollenNode, 'blocks' | 'snapshot'>) {
		this.#node = node;
	}

	get blocks(): readonly BlockJson[] {
		return this.#blocks;
	}

	/** Whether the chain goes further back than what is shown. */
	get hasOlder(): boolean {
		const oldest = this.#blocks.at(-1);
		return oldest !== undefined && oldest.height > 0;
	}

	/** Reads the newest blocks again. Calls made meanwhile lead to one more reading, not to one each. */
	refresh(): Promise<void> {
		this.#stale = true;
		this.#reading ??= this.#readWhileStale().finally(() => {
			this.#reading = undefined;
		});
		return this.#reading;
	}

	showOlder(): Promise<void> {
		this.#shown += PAGE;
		return this.refresh();
	}

	/** Makes sure that the block of a height is among those shown. */
	async show(height: number): Promise<void> {
		this.#shown = Math.max(this.#shown, this.#node.snapshot().height - height + 1);
		if (this.#blocks.some((block) => block.height === height)) return;
		await this.refresh();
	}

	async #readWhileStale(): Promise<void> {
		while (this.#stale) {
			this.#stale = false;
			const from = Math.max(0, this.#node.snapshot().height - this.#shown + 1);
			const blocks = await this.#node.blocks(from);
			this.#blocks = blocks.toReversed();
		}
	}
}
