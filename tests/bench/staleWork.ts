/** Hashes of one job within about a millisecond. */
export interface WorkEntry {
	readonly template: string;
	readonly height: number;
	/** When the first of them began; ms since the epoch. */
	readonly atMs: number;
	readonly hashes: number;
}

/** A job as the node posted it to the worker. */
export interface PostedJob {
	readonly template: string;
	/** When the node began to build its template, as the template says, and when it was posted; ms since the epoch. */
	readonly builtMs: number;
	readonly atMs: number;
}

export interface WorkLog {
	readonly jobs: readonly PostedJob[];
	readonly work: readonly WorkEntry[];
}

/** What happened to the node meanwhile; ms since the epoch, ascending. */
export interface Burst {
	/** When each transaction was admitted to the mempool. */
	readonly admittedMs: readonly number[];
	/** When each block that became the tip was handed in, and its height. */
	readonly blocks: readonly { readonly height: number; readonly atMs: number }[];
}

export interface StaleWork {
	/**
	 * Share of hashes for a template that was posted before the newest admitted transaction. That work is not lost: such a block is
	 * valid, what it lacks goes into the next, and the search for it is as likely to end as any other, because it has no memory.
	 */
	readonly withoutNewest: number;
	/** Share of hashes on a block that was no longer the newest. That work is lost: it can only make a block beside the chain. */
	readonly onOldTip: number;
	/** For each transaction, how long until the worker began on a template that was posted after it was admitted; ms. */
	readonly transactionDelays: readonly number[];
	/** For each block, how long from when it was the tip, and a template on top of it begun, until the worker began on that; ms. */
	readonly tipDelays: readonly number[];
}

/** What a worker's log says of a burst. What it hashed before the first event and after the last counts too. */
export function staleWork({ jobs, work }: WorkLog, { admittedMs, blocks }: Burst): StaleWork {
	const jobOf = new Map(jobs.map((job) => [job.template, job]));
	// A template from before the log began is older than everything in it.
	const postedOf = ({ template }: WorkEntry) => jobOf.get(template)?.atMs ?? -Infinity;
	const isOnOldTip = ({ height, atMs }: WorkEntry) =>
		blocks.some((block) => block.height >= height && block.atMs <= atMs);
	const lacksNewest = (entry: WorkEntry) => admittedMs.some((at) => at > postedOf(entry) && at <= entry.atMs);
	const hashes = (entries: readonly WorkEntry[]) => entries.reduce((sum, entry) => sum + entry.hashes, 0);
	const first = (isNew: (entry: WorkEntry) => boolean) => {
		const found = work.find(isNew);
		if (!found) throw new Error('the worker never began on what is new');
		return found;
	};
	const all = hashes(work);
	return {
		withoutNewest: hashes(work.filter(lacksNewest)) / all,
		onOldTip: hashes(work.filter(isOnOldTip)) / all,
		transactionDelays: admittedMs.map((at) => first((entry) => postedOf(entry) >= at).atMs - at),
		tipDelays: blocks.map((block) => {
			const { template, atMs } = first(({ height }) => height > block.height);
			return atMs - (jobOf.get(template)?.builtMs ?? -Infinity);
		})
	};
}
