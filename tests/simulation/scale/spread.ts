/** Shares of all nodes, and when so many had something. */
export const SHARES = [0.5, 0.9, 1] as const;

interface Item {
	readonly firstAt: number;
	/** Which nodes have it, a bit each. */
	readonly nodes: Uint8Array;
	count: number;
	/** After `firstAt`, one for each of SHARES that was reached, ms. */
	readonly reachedAfterMs: number[];
}

/** How fast each of many things (ballots, or blocks) gets to all nodes. */
export class Spread {
	readonly #items = new Map<string, Item>();
	#complete = 0;

	constructor(private readonly nodes: number) {}

	/** Things that somebody has, and things that everybody has. */
	get size(): number {
		return this.#items.size;
	}

	get complete(): number {
		return this.#complete;
	}

	/** A node has something, perhaps not for the first time. */
	note(id: string, node: number, now: number): void {
		const item = this.#itemOf(id, now);
		const bit = 1 << (node & 7);
		if (((item.nodes[node >> 3] ?? 0) & bit) !== 0) return;
		item.nodes[node >> 3] = (item.nodes[node >> 3] ?? 0) | bit;
		item.count += 1;
		while (item.count >= this.nodes * (SHARES[item.reachedAfterMs.length] ?? Number.POSITIVE_INFINITY)) {
			item.reachedAfterMs.push(now - item.firstAt);
		}
		if (item.count === this.nodes) this.#complete += 1;
	}

	/** For each share: the median and the longest over all things that reached it, ms. */
	summary(): { share: number; reached: number; medianMs: number | undefined; longestMs: number | undefined }[] {
		return SHARES.map((share, index) => {
			const times = [...this.#items.values()].flatMap(({ reachedAfterMs }) => reachedAfterMs[index] ?? []);
			times.sort((a, b) => a - b);
			return {
				share,
				reached: times.length,
				medianMs: times[Math.floor((times.length - 1) / 2)],
				longestMs: times.at(-1)
			};
		});
	}

	#itemOf(id: string, now: number): Item {
		const known = this.#items.get(id);
		if (known) return known;
		const item: Item = { firstAt: now, nodes: new Uint8Array(Math.ceil(this.nodes / 8)), count: 0, reachedAfterMs: [] };
		this.#items.set(id, item);
		return item;
	}
}
