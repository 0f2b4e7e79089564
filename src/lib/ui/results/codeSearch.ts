import { normaliseCode } from '../../election/votingCode';
import type { BallotView } from '../../node/api';

/** The receipt codes of ballots in the form in which they are compared; kept, so that no key press makes them anew. */
export function comparableCodes(ballots: readonly Pick<BallotView, 'receiptCode'>[]): string[] {
	return ballots.map(({ receiptCode }) => receiptCode.replaceAll('-', ''));
}

/** The ballots whose code has in it what was typed, without what people leave out or add when they copy a code. */
export function ballotsWithCode<Ballot>(
	ballots: readonly Ballot[],
	codes: readonly string[],
	typed: string
): readonly Ballot[] {
	const part = normaliseCode(typed);
	return part === '' ? ballots : ballots.filter((_, index) => codes[index]?.includes(part));
}
