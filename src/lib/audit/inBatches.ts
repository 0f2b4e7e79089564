/** Proofs and signatures that are verified at once: some 0.2 s, after which progress is told. */
const BATCH = 64;

/** Does something with {@link BATCH} of the items at a time, in order. */
export async function inBatches<T>(items: readonly T[], task: (batch: readonly T[]) => Promise<void>): Promise<void> {
	for (let start = 0; start < items.length; start += BATCH) await task(items.slice(start, start + BATCH));
}
