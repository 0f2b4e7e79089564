/** One line of the table that the benchmarks print, measured in one run. */
export interface BenchRow {
	readonly name: string;
	readonly ours: number;
	readonly theirs: number;
	/** How many times as fast ours is. */
	readonly ratio: number;
	readonly unit: string;
}
