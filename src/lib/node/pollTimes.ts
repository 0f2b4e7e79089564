import type { Clock } from '../clock/port';
import type { Election } from '../election/definition';

/** Browsers take no longer delays than 24 days; and a device that slept may wake to another time. */
const LONGEST_WAIT_MS = 3_600_000;

/** Tells when the poll's opening or closing time has come, which changes the phase although nothing else happened. */
export class PollTimes {
	#cancel: (() => void) | undefined;

	constructor(
		private readonly election: Pick<Election, 'opensAt' | 'closesAt'>,
		private readonly clock: Clock,
		private readonly onTime: () => void
	) {}

	start(): void {
		const next = this.#next();
		if (next === undefined) return;
		this.#cancel = this.clock.after(Math.min(next - this.clock.now(), LONGEST_WAIT_MS), () => {
			if (this.clock.now() >= next) this.onTime();
			this.start();
		});
	}

	stop(): void {
		this.#cancel?.();
	}

	/** The next of the two times that is still to come, ms since the epoch. */
	#next(): number | undefined {
		const { opensAt, closesAt } = this.election;
		const times = [opensAt, closesAt].filter((time) => time !== null).map((time) => Date.parse(time));
		return times.filter((time) => time > this.clock.now()).toSorted((a, b) => a - b)[0];
	}
}
