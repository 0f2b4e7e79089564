import type { ReceiptCheckName } from '../../audit/checkReceipt';
import type { ChainVerdict } from '../../state/trackDesk.svelte';
import { formatNumber, type Locale } from '../format';

const CHECKS: Readonly<Record<ReceiptCheckName, string>> = {
	'receipt-code': 'The receipt code belongs to this ballot',
	ballot: 'The ballot is whole and unchanged',
	'block-hash': 'The head of the block is unchanged',
	work: 'The work for this block was done',
	inclusion: 'The ballot stands in this block'
};

/** What a check of a receipt file found out, if it passed. */
export function nameOfCheck(check: ReceiptCheckName): string {
	return CHECKS[check];
}

/** What the chain of this tab says to a receipt file. */
export function describeVerdict(verdict: ChainVerdict, height: number, locale?: Locale): string {
	const block = `block ${formatNumber(height, locale)}`;
	switch (verdict) {
		case 'stands':
			return `The chain of this tab agrees: the ballot stands in ${block}, the very one that the file names.`;
		case 'moved':
			return `This ballot is recorded, but in another block than the file names: the chain has changed since. Download the receipt again where the ballot was cast.`;
		case 'not-recorded':
			return `The ${block} that the file names is not on the chain of this tab any more.`;
		case 'unknown':
			return `The chain of this tab does not know this ballot. It may not have caught up yet with the other tabs; if it has, the ballot does not count.`;
		case 'other-election':
			return 'This receipt is for a ballot in another election. Open that election to look for the ballot on its chain.';
	}
}
