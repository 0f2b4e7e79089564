/**
 * Proofs or signatures that are asked about at once: enough for several cores, each with its share, and so few that progress
 * is told a few times a second even where there is one core.
 */
const BATCH = 192;

/**
 * Asks about the items a batch at a time, and takes what was answered, in order; undefined where there is no answer. The next
 * batch is asked about before the answer to this one is there, so that no core waits for another, nor for what is done with
 * the answer.
 */
export async function inBatches<T, A>(
	items: readonly T[],
	ask: (batch: readonly T[]) => Promise<readonly A[]>,
	take: (item: T, answer: A | undefined) => Promise<void>
): Promise<void> {
	let takeAsked = async (): Promise<void> => undefined;
	for (let start = 0; start < items.length; start += BATCH) {
		const batch = items.slice(start, start + BATCH);
		const asked = ask(batch);
		// When the batch before it fails, nobody looks at it any more.
		asked.catch(() => undefined);
		await takeAsked();
		takeAsked = async () => {
			const answers = await asked;
			for (const [index, item] of batch.entries()) await take(item, answers[index]);
		};
	}
	await takeAsked();
}
