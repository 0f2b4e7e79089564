/**
 * Heights of rows: of those that were shown as measured, of the others a guess. Rows are numbered from the bottom up, as
 * blocks and ballots are, so that a row keeps its number when new ones come on top.
 */
export class RowHeights {
	#guess: number;
	/** By row; 0 for those that were not shown yet. Without holes, which would make it slow. */
	readonly #measured: number[] = [];
	#known = 0;
	#sum = 0;
	/** How many heights the guess is the mean of. */
	#sample = 0;

	/** @param guess that holds until some rows are measured */
	constructor(guess: number) {
		this.#guess = guess;
	}

	/**
	 * Takes in measured heights by row. The guess becomes their mean whenever twice as many are known: it moves the scrollbar, so it
	 * shall change seldom, and the less the more is known.
	 */
	measure(heights: Iterable<readonly [row: number, height: number]>): void {
		for (const [row, height] of heights) {
			this.#makeRoom(row + 1);
			const before = this.#measured[row]!;
			this.#measured[row] = height;
			this.#sum += height - before;
			if (before === 0) this.#known += 1;
		}
		if (this.#known === 0 || this.#known < 2 * this.#sample) return;
		this.#guess = this.#sum / this.#known;
		this.#sample = this.#known;
	}

	/** Forgets what was measured: the rows have another width. */
	clear(): void {
		this.#measured.length = this.#known = this.#sum = this.#sample = 0;
	}

	/** How far the bottom edge of each row is above that of the list, and last the height of the list. */
	edges(count: number): Float64Array {
		this.#makeRoom(count);
		const edges = new Float64Array(count + 1);
		for (let row = 0; row < count; row++) edges[row + 1] = edges[row]! + (this.#measured[row] || this.#guess);
		return edges;
	}

	#makeRoom(count: number): void {
		while (this.#measured.length < count) this.#measured.push(0);
	}
}
