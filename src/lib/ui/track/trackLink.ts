import { electionHref } from '../electionLink';

/** The in-app address of "Track my ballot" for a receipt code. It holds nothing that says whose the ballot is. */
export function trackHref(electionId: string, receiptCode: string): string {
	return `${electionHref(electionId, 'track')}?receipt=${encodeURIComponent(receiptCode)}`;
}

/** The receipt code that a page's fragment asks for (`#/election/<id>/track?receipt=<code>`), as it stands there. */
export function soughtReceiptOf(fragment: string): string | undefined {
	const query = new URLSearchParams(fragment.split('#')[1]?.split('?')[1] ?? '');
	return query.get('receipt')?.trim() || undefined;
}
