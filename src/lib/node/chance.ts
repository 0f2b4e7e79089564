/** Choices of chance. `random` is uniform in [0, 1). */

/** One of them; undefined when there are none. */
export function pick<T>(items: readonly T[], random: () => number): T | undefined {
	return items[Math.floor(random() * items.length)];
}

/** The same in an order of chance, each as likely as any other (Fisher and Yates). */
export function shuffle<T>(items: readonly T[], random: () => number): T[] {
	const shuffled = [...items];
	for (let last = shuffled.length - 1; last > 0; last--) {
		const other = Math.floor(random() * (last + 1));
		[shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
	}
	return shuffled;
}

/** A number between two others. */
export function between([least, most]: readonly [number, number], random: () => number): number {
	return least + random() * (most - least);
}
