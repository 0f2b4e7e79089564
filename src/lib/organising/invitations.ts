import { votingCodeOf } from '../election/codeKeys';
import type { Election } from '../election/definition';
import type { StoredOrganiser } from '../storage/port';

/** What the organiser hands to one voter. */
export interface Invitation {
	readonly voterId: string;
	/** Empty when the organiser noted none; the same holds for `email`. */
	readonly name: string;
	readonly email: string;
	/** Normalised voting code. */
	readonly code: string;
}

/**
 * The invitations of everybody on the roll, in roll order. They are made anew each time from the organiser's secret, so
 * none is kept anywhere. Contacts of somebody who is not on the roll are left out.
 */
export function invitationsOf(
	{ secret, contacts }: Pick<StoredOrganiser, 'secret' | 'contacts'>,
	{ roll }: Pick<Election, 'roll'>
): Invitation[] {
	const known = new Map(contacts.map((contact) => [contact.voterId, contact]));
	return roll.map(({ voterId }) => {
		const { name = '', email = '' } = known.get(voterId) ?? {};
		return { voterId, name, email, code: votingCodeOf(secret, voterId) };
	});
}

/** Those invitations whose voter ID, name or e-mail address has `sought` in it, whatever the case. */
export function searchInvitations(invitations: readonly Invitation[], sought: string): readonly Invitation[] {
	const part = sought.trim().toLowerCase();
	if (part === '') return invitations;
	return invitations.filter(({ voterId, name, email }) =>
		[voterId, name, email].some((text) => text.toLowerCase().includes(part))
	);
}
