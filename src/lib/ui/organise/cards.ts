import { encode } from 'uqr';
import type { Election } from '../../election/definition';
import { formatCode } from '../../election/votingCode';
import type { Invitation } from '../../organising/invitations';

/** A printed invitation. */
export interface InvitationCard {
	readonly title: string;
	readonly voterId: string;
	/** Empty when the organiser noted none. */
	readonly name: string;
	/** In groups of four. */
	readonly code: string;
	/** The personal link as a QR code: an SVG path on a square of so many modules. */
	readonly qr: { readonly path: string; readonly size: number };
}

/** What to do with a card, in three lines. */
export const CARD_STEPS: Readonly<Record<Election['eligibility'], readonly [string, string, string]>> = {
	enrolment: [
		'Scan the QR code with the phone or tablet you will vote on.',
		'Press “Enrol”. Keep this card, and show it to nobody.',
		'When the poll is open, scan it again on the same device and vote.'
	],
	issued: [
		'Scan the QR code with a phone or tablet.',
		'Mark your ballot, and cast it. Your first ballot counts.',
		'Show this card to nobody: whoever has it can vote in your place.'
	]
};

/** A quiet zone of four modules, as ISO/IEC 18004 asks for. */
const QUIET_ZONE = 4;
/** Together they take the browser about as long as a few frames. */
const CARDS_AT_A_TIME = 8;

export function cardOf(invitation: Invitation, title: string, link: string): InvitationCard {
	const { voterId, name, code } = invitation;
	return { title, voterId, name, code: formatCode(code), qr: qrPath(link) };
}

/** Dark modules as one bar for each run in a row: a third of the path that one square for each would take. */
function qrPath(text: string): InvitationCard['qr'] {
	const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE });
	const path = data.flatMap((row, y) => runsOf(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`));
	return { path: path.join(''), size };
}

/** Start and length of each run of dark modules. */
function runsOf(row: readonly boolean[]): [number, number][] {
	const runs: [number, number][] = [];
	for (const [x, isDark] of row.entries()) {
		const run = runs.at(-1);
		if (!isDark) continue;
		if (run && run[0] + run[1] === x) run[1]++;
		else runs.push([x, 1]);
	}
	return runs;
}

/** Makes cards a few at a time; `pause` lets the page live between them. Ends early when `signal` fires. */
export async function* makeCards(
	invitations: readonly Invitation[],
	cardFor: (invitation: Invitation) => InvitationCard,
	pause: () => Promise<void>,
	signal: AbortSignal
): AsyncGenerator<readonly InvitationCard[]> {
	for (let from = 0; from < invitations.length; from += CARDS_AT_A_TIME) {
		await pause();
		if (signal.aborted) return;
		yield invitations.slice(from, from + CARDS_AT_A_TIME).map(cardFor);
	}
}

/** As many as browsers lay out and print without trouble: 125 sheets of eight. */
export const CARDS_A_PART = 1_000;

/** A part of all cards that is printed in one go. */
export interface CardPart {
	readonly from: number;
	/** Exclusive. */
	readonly to: number;
}

export function partsOf(cards: number): CardPart[] {
	return Array.from({ length: Math.ceil(cards / CARDS_A_PART) }, (_, part) => ({
		from: part * CARDS_A_PART,
		to: Math.min(cards, (part + 1) * CARDS_A_PART)
	}));
}

/** Cards side by side on a sheet. A row is what is never cut by the end of a page. */
export function rowsOf<Card>(cards: readonly Card[]): (readonly Card[])[] {
	const CARDS_A_ROW = 2;
	return Array.from({ length: Math.ceil(cards.length / CARDS_A_ROW) }, (_, row) =>
		cards.slice(row * CARDS_A_ROW, (row + 1) * CARDS_A_ROW)
	);
}
