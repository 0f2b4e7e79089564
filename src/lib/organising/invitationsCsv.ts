import { csvText, defused } from '../bytes/csv';
import { formatCode } from '../election/votingCode';
import type { Invitation } from './invitations';

const COLUMNS = ['voter ID', 'name', 'e-mail', 'voting code', 'link'] as const;

/** A formula of such characters alone calls nothing: that takes a bracket, a quote, an exclamation mark or a pipe. */
const HARMLESS = /^[\p{L}\p{N} .,;_@/=+-]*$/u;

/**
 * All invitations for mail merge, as CSV with a header.
 *
 * A name that a spreadsheet would take for a formula gets an apostrophe in front of it. Voter IDs and e-mail
 * addresses are what the merged letter has to say exactly, so they get one only when the formula could do something:
 * `+49-171`, `-7` and `@ann` stand as they are, `=HYPERLINK("…")` does not. The link has the exact voter ID in either case.
 */
export function invitationsCsv(invitations: readonly Invitation[], linkOf: (invitation: Invitation) => string): string {
	const rows = invitations.map((invitation) => [
		exact(invitation.voterId),
		defused(invitation.name),
		exact(invitation.email),
		formatCode(invitation.code),
		linkOf(invitation)
	]);
	return csvText([COLUMNS, ...rows]);
}

function exact(text: string): string {
	return HARMLESS.test(text) ? text : defused(text);
}
