/** A pace is taken from what was done in about this time. */
const WINDOW_MS = 30_000;
/** Sooner than this it says nothing. */
const MIN_MS = 2_000;

/** How long something takes that is counted, by how fast it went of late. */
export class Pace {
	/** The counts at the beginning of this half window, and of the one before. */
	#marks: { readonly at: number; readonly done: number }[] = [];

	restart(now: number, done = 0): void {
		this.#marks = [{ at: now, done }];
	}

	/** Undefined while nothing, or too little to tell, is done. */
	msUntil(now: number, done: number, total: number): number | undefined {
		const last = this.#marks.at(-1);
		if (!last || done < last.done) this.restart(now, done);
		else if (now - last.at >= WINDOW_MS / 2) this.#marks = [...this.#marks.slice(-1), { at: now, done }];
		const [first] = this.#marks;
		if (!first || now - first.at < MIN_MS || done <= first.done) return undefined;
		return ((total - done) * (now - first.at)) / (done - first.done);
	}
}
