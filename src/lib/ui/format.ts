/** Numbers and times in the reader's own locale. Tests pass a locale; the page passes none. */
export type Locale = string | undefined;

/** One formatter a locale: to make one takes a hundred times as long as to use it, and long lists use many. */
function perLocale<Formatter>(make: (locale: Locale) => Formatter): (locale: Locale) => Formatter {
	const made = new Map<Locale, Formatter>();
	return (locale) => {
		const formatter = made.get(locale) ?? make(locale);
		made.set(locale, formatter);
		return formatter;
	};
}

const numbers = perLocale((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }));
const shares = perLocale((locale) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }));
const times = perLocale((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }));

/** Makes the formatters that every page needs: the first ones have the browser load its tables, which takes tens of ms. */
export function prepareFormats(): void {
	numbers(undefined).format(0);
	times(undefined).format(0);
}

export function formatNumber(value: number, locale?: Locale): string {
	return numbers(locale).format(value);
}

/** A share of a whole; of nothing it is 0 %. */
export function formatShare(part: number, whole: number, locale?: Locale): string {
	return shares(locale).format(whole === 0 ? 0 : part / whole);
}

/** A block's timestamp (ms); the genesis block carries none. */
export function formatTime(timestamp: number, locale?: Locale): string {
	if (timestamp === 0) return 'not dated';
	return times(locale).format(timestamp);
}

export function formatHashRate(hashesPerSecond: number, locale?: Locale): string {
	const inThousands = hashesPerSecond >= 10_000;
	const value = inThousands ? hashesPerSecond / 1000 : Math.round(hashesPerSecond);
	return `${formatNumber(value, locale)} ${inThousands ? 'kH/s' : 'H/s'}`;
}

function durations(unit: 'day' | 'hour' | 'minute' | 'second') {
	return perLocale(
		(locale) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 })
	);
}

const UNITS = [
	{ ms: 86_400_000, format: durations('day') },
	{ ms: 3_600_000, format: durations('hour') },
	{ ms: 60_000, format: durations('minute') }
];
const seconds = durations('second');

/** A duration in its largest fitting unit, in whole numbers above ten seconds. */
export function formatDuration(durationMs: number, locale?: Locale): string {
	if (!Number.isFinite(durationMs)) return 'unknown';
	const fitting = UNITS.find(({ ms }) => durationMs >= 2 * ms);
	if (fitting) return fitting.format(locale).format(Math.round(durationMs / fitting.ms));
	const value = durationMs / 1000;
	return seconds(locale).format(value >= 10 ? Math.round(value) : value);
}

/** The ends of a long hash or peer ID, for places where the whole is near. */
export function shorten(text: string, kept = 8): string {
	return text.length <= 2 * kept + 1 ? text : `${text.slice(0, kept)}…${text.slice(-kept)}`;
}

/** `1 peer`, `2 peers`. */
export function count(value: number, one: string, many: string, locale?: Locale): string {
	return `${formatNumber(value, locale)} ${value === 1 ? one : many}`;
}

/** `1.5 of 4.2 MB`. */
export function formatMegabytes(part: number, whole: number, locale?: Locale): string {
	const [some, all] = [part, whole].map((bytes) =>
		new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(bytes / 1e6)
	);
	return `${some} of ${all} MB`;
}
