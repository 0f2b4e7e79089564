import { pick } from './chance';
import { KEPT_OUTBOUND, PROTECTED_NEAREST, PROTECTED_USEFUL } from './limits';

/** What decides whether a link is let go. */
export interface LinkMerits {
	readonly direction: 'inbound' | 'outbound';
	/** Whether the user asked for it by name. */
	readonly isByHand: boolean;
	readonly latencyMs: number | undefined;
	/** When it last was the first to bring something new; 0 if never. */
	readonly usefulAt: number;
}

/**
 * Whom a full node lets go for a newcomer; undefined when for nobody. `links` are in the order in which they were made.
 *
 * First it is one of the node's own outbound links beyond the third: the other side loses an inbound link, which it need not
 * replace, so that one newcomer does not set a whole mesh in motion. Else it is an inbound link of chance, but for those that an
 * attacker cannot have by opening many: the nearest, and those that last brought something new. The links that the node chose
 * itself and keeps are out of an attacker's reach altogether. (Bitcoin Core protects inbound peers by the same reasoning, see
 * SelectNodeToEvict in its src/node/eviction.cpp.)
 */
export function chooseToLetGo<Link extends LinkMerits>(links: readonly Link[], random: () => number): Link | undefined {
	const spare = links.filter(({ direction }) => direction === 'outbound').slice(KEPT_OUTBOUND);
	const outbound = spare.filter(({ isByHand }) => !isByHand);
	if (outbound.length > 0) return pick(outbound, random);
	return pick(unprotected(links.filter(({ direction, isByHand }) => direction === 'inbound' && !isByHand)), random);

	function unprotected(inbound: readonly Link[]): Link[] {
		const nearest = inbound.filter(hasLatency).toSorted((a, b) => a.latencyMs - b.latencyMs);
		const useful = inbound.filter(({ usefulAt }) => usefulAt > 0).toSorted((a, b) => b.usefulAt - a.usefulAt);
		const kept = new Set<LinkMerits>([...nearest.slice(0, PROTECTED_NEAREST), ...useful.slice(0, PROTECTED_USEFUL)]);
		return inbound.filter((link) => !kept.has(link));
	}
}

function hasLatency<Link extends LinkMerits>(link: Link): link is Link & { readonly latencyMs: number } {
	return link.latencyMs !== undefined;
}
