import type { Election } from '../../election/definition';
import type { BallotPlace } from '../../node/api';
import { CONFIRMATIONS } from '../../node/limits';
import { choiceText } from '../choiceText';
import { count, formatNumber, type Locale } from '../format';

/** Where a ballot is: a sentence that stands alone, and what else there is to know. */
export interface PlaceText {
	readonly sentence: string;
	readonly note: string;
}

/** @param whose begins the sentence: `Your ballot`, `This ballot` */
export function describePlace(
	place: BallotPlace | undefined,
	whose: string,
	election: Election,
	locale?: Locale
): PlaceText {
	switch (place?.at) {
		case undefined:
			return { sentence: `${whose} is not on this chain.`, note: 'No ballot that waits here is it, either.' };
		case 'device':
			return {
				sentence: `${whose} is on this device only. It is waiting to be recorded.`,
				note: 'It is sent as soon as another tab can be reached. Until then keep this page open, or come back to it.'
			};
		case 'pending':
			return place.peers === 0
				? {
						sentence: `${whose} is on this device only. It is waiting to be recorded.`,
						note: 'No other tab is linked yet: this one records it, and hands it on as soon as one is.'
					}
				: {
						sentence: `${whose} is cast. It is waiting to be recorded.`,
						note: `It is kept on this device and with ${count(place.peers, 'peer', 'peers', locale)}.`
					};
		case 'block':
			return describeRecorded(place, whose, locale);
		case 'late':
			return {
				sentence: `${whose} came too late, and does not count.`,
				note: 'It was not recorded by the last block that the organiser counted when the poll was closed.'
			};
		case 'replaced':
			return {
				sentence: `Another ballot cast with this credential counts. ${whose} does not.`,
				note: `The ballot that counts is in block ${formatNumber(place.height, locale)}; it chose ${choiceText(election, place.choices)}. Of two ballots of one credential, the first on the chain counts.`
			};
	}
}

function describeRecorded(
	{ height, confirmations, isFinal }: Extract<BallotPlace, { at: 'block' }>,
	whose: string,
	locale: Locale
): PlaceText {
	const place = `${whose} is recorded in block ${formatNumber(height, locale)}`;
	if (isFinal)
		return { sentence: `${place}, and final.`, note: 'The poll is closed, and the organiser has counted it.' };
	const sentence = `${place}, ${formatNumber(confirmations, locale)} deep.`;
	return confirmations >= CONFIRMATIONS
		? { sentence, note: 'It is settled: so many blocks stand on it that it stays where it is.' }
		: { sentence, note: `It is settled once it is ${CONFIRMATIONS} blocks deep.` };
}

/** The same in a few words, for a list. */
export function nameOfPlace(place: BallotPlace | undefined, locale?: Locale): string {
	switch (place?.at) {
		case undefined:
			return 'not on this chain';
		case 'device':
			return 'on this device only';
		case 'pending':
			return place.peers === 0 ? 'on this device only' : `with ${count(place.peers, 'peer', 'peers', locale)}`;
		case 'block': {
			const block = `in block ${formatNumber(place.height, locale)}`;
			return place.isFinal ? `${block}, final` : `${block}, ${formatNumber(place.confirmations, locale)} deep`;
		}
		case 'late':
			return 'too late to count';
		case 'replaced':
			return 'another ballot counts';
	}
}

/** The way of a ballot into the record. Empty for one that does not count: it has no way to go. */
export function stepsOf(
	place: BallotPlace | undefined,
	isCasting: boolean,
	election: Election,
	locale?: Locale
): { text: string; isDone: boolean }[] {
	if (place?.at === 'late' || place?.at === 'replaced') return [];
	const block = place?.at === 'block' ? place : undefined;
	const peers = place?.at === 'pending' ? place.peers : 0;
	const isSettled = block !== undefined && (block.isFinal || block.confirmations >= CONFIRMATIONS);
	const steps = [
		{ text: isCasting ? 'Making your anonymous proof' : 'Your anonymous proof is made', isDone: !isCasting },
		{
			text: peers > 0 ? `Handed to ${count(peers, 'peer', 'peers', locale)}` : 'Kept here, and handed to every peer',
			isDone: !isCasting && (peers > 0 || block !== undefined)
		},
		{ text: block ? 'Recorded in a block' : 'Waiting to be recorded in a block', isDone: block !== undefined },
		{ text: `Settled, once it is ${CONFIRMATIONS} blocks deep`, isDone: isSettled }
	];
	// Only an organiser can make a result final.
	if (election.organiser === null) return steps;
	return [...steps, { text: 'Final, once the poll is closed', isDone: block?.isFinal === true }];
}
