import type { SyncView } from '../node/api';
import { count, formatDuration, formatNumber, type Locale } from './format';

/** Below this, seconds are not worth counting. */
const FEW_MS = 10_000;

/** How far catching up is, in plain words. */
export function syncProgress({ state, done, total, ballots, msLeft }: SyncView, locale?: Locale): string {
	if (state === 'headers' || total === 0) return 'Asking peers for blocks';
	const parts = [`Block ${formatNumber(done, locale)} of ${formatNumber(total, locale)}`];
	if (ballots > 0) parts.push(`${count(ballots, 'ballot', 'ballots', locale)} so far`);
	if (msLeft !== undefined) parts.push(timeLeft(msLeft, locale));
	return parts.join(', ');
}

function timeLeft(msLeft: number, locale?: Locale): string {
	return msLeft < FEW_MS ? 'a few seconds left' : `about ${formatDuration(msLeft, locale)} left`;
}
