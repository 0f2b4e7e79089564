import { isHash, type ElectionId } from '../bytes/hash';
import { isPeerId } from '../network/peerId';

/** What somebody can type into "Election link or peer ID". */
export type Invitation =
	| {
			readonly kind: 'election';
			readonly electionId: ElectionId;
			readonly peer: string | undefined;
			/** Set for a personal link. */
			readonly voter: InvitedVoter | undefined;
	  }
	| { readonly kind: 'peer'; readonly peer: string };

const ELECTION_ROUTE = /#\/election\/([0-9a-f]{64})(?:\/[a-z]*)?(?:\?([^#]*))?/i;

/** The peer that a page's fragment names (`#/election/<id>?peer=<peer ID>`), if it is a peer ID at all. */
export function peerOf(fragment: string): string | undefined {
	const query = fragment.split('#')[1]?.split('?')[1];
	const peer = new URLSearchParams(query ?? '').get('peer')?.trim();
	return peer && isPeerId(peer) ? peer : undefined;
}

/**
 * Reads an election link of any host, a bare election ID, or a peer ID. Of a link only the fragment is used, because
 * the election is the same wherever its page is hosted.
 */
export function readInvitation(text: string): Invitation | undefined {
	const typed = text.trim();
	const route = ELECTION_ROUTE.exec(typed);
	const electionId = (route?.[1] ?? typed).toLowerCase();
	if (isHash(electionId)) {
		const peer = new URLSearchParams(route?.[2] ?? '').get('peer')?.trim();
		return {
			kind: 'election',
			electionId,
			peer: peer && isPeerId(peer) ? peer : undefined,
			voter: invitedVoterOf(typed)
		};
	}
	return isPeerId(typed) ? { kind: 'peer', peer: typed } : undefined;
}

export type ElectionPage = 'vote' | 'track' | 'results' | 'chain' | 'network' | 'organise';

/** Who a personal invitation is for, and the voting code that it hands over. */
export interface InvitedVoter {
	readonly voterId: string;
	/** As it stands in the link; `normaliseCode` and `isWellFormedCode` judge it. */
	readonly code: string;
}

/** The voter whom a page's fragment invites (`#/election/<id>/vote?voter=<voter ID>&code=<voting code>`), if any. */
export function invitedVoterOf(fragment: string): InvitedVoter | undefined {
	const query = new URLSearchParams(fragment.split('#')[1]?.split('?')[1] ?? '');
	const voterId = query.get('voter')?.trim();
	const code = query.get('code')?.trim();
	return voterId && code ? { voterId, code } : undefined;
}

/**
 * A voter's personal link. Everything stands in the fragment, which browsers send to nobody.
 * @param code normalised
 */
export function invitationLink(
	baseUrl: string,
	electionId: string,
	peer: string | undefined,
	{ voterId, code }: InvitedVoter
): string {
	const query = new URLSearchParams({ ...(peer === undefined ? {} : { peer }), voter: voterId, code });
	return `${baseUrl}#/election/${electionId}/vote?${query.toString()}`;
}

/** The in-app address of an election's page, as an href under hash routing. */
export function electionHref(electionId: string, page?: ElectionPage, peer?: string): string {
	const query = peer === undefined ? '' : `?peer=${encodeURIComponent(peer)}`;
	return `#/election/${electionId}${page === undefined ? '' : `/${page}`}${query}`;
}

/** The link to hand to others. `baseUrl` is the address of the page without its fragment. */
export function electionLink(baseUrl: string, electionId: string, peer: string | undefined): string {
	return baseUrl + electionHref(electionId, undefined, peer);
}
