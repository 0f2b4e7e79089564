import type { Locale } from '../format';

/** The time zone of this device with its name for people, such as “Central European Time (Europe/Berlin)”. */
export function timeZoneName(locale?: Locale): string {
	const format = new Intl.DateTimeFormat(locale, { timeZoneName: 'longGeneric' });
	const name = format.formatToParts(0).find((part) => part.type === 'timeZoneName')?.value;
	const zone = format.resolvedOptions().timeZone;
	return name === undefined || name === zone ? zone : `${name} (${zone})`;
}

/** An instant on the clock of this device, with the zone's short name, since it may be read elsewhere. */
export function formatInstant(instant: string, locale?: Locale): string {
	return new Intl.DateTimeFormat(locale, {
		weekday: 'long',
		day: 'numeric',
		month: 'long',
		year: 'numeric',
		hour: 'numeric',
		minute: '2-digit',
		timeZoneName: 'short'
	}).format(new Date(instant));
}
