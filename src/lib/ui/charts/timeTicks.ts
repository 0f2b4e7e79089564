const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Each at most two and a half times the one before. */
const STEPS = [
	...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
	...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
	...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
	...[1, 2, 4, 7, 14, 28, 56, 112, 224, 448].map((days) => days * DAY)
];

/**
 * Round times between two others, evenly spaced, about `most` of them and at most one more: full minutes, hours, days.
 * @param start ms since the epoch, as are `end` and what is returned
 * @param offset of the local time from UTC, ms
 */
export function timeTicks(start: number, end: number, most: number, offset: number): number[] {
	const step = STEPS.find((candidate) => candidate * most >= end - start) ?? STEPS.at(-1)!;
	const ticks: number[] = [];
	const first = Math.ceil((start + offset) / step) * step - offset;
	for (let tick = first; tick <= end && ticks.length <= most; tick += step) ticks.push(tick);
	return ticks;
}

const DAYS: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
const MINUTES: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
const SECONDS: Intl.DateTimeFormatOptions = { ...MINUTES, second: '2-digit' };

/** How to write times on an axis that spans so many milliseconds: one of three objects, since formatters take long to make. */
export function axisTimeStyle(spanMs: number): Intl.DateTimeFormatOptions {
	if (spanMs >= 2 * DAY) return DAYS;
	return spanMs >= 5 * MINUTE ? MINUTES : SECONDS;
}
