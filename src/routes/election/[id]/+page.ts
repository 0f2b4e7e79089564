import { redirect } from '@sveltejs/kit';
import { electionHref, peerOf } from '$lib/ui/electionLink';
import type { PageLoad } from './$types';

/** An election link leads to its ballot paper, and takes the peer it names along. */
export const load: PageLoad = ({ params, url }) => {
	redirect(307, electionHref(params.id, 'vote', peerOf(url.hash)));
};
