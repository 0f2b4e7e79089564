import type { Nullifier } from '../../src/lib/bytes/hash';
import { blockFromJson } from '../../src/lib/election/json';
import { CHECKED_BEFORE } from '../../src/lib/election/rules/evidence';
import { ElectionState } from '../../src/lib/election/state';
import { resultsOf } from '../../src/lib/election/tally';
import type { PollenNode } from '../../src/lib/node/api';
import { MAX_LINKS } from '../../src/lib/node/limits';
import type { ClusterNode } from '../support/cluster';
import { rankOf, type Seat } from './seat';

/** What a node promises. Each function returns what is wrong, or undefined. */

/** More than can wait at once: an enrolment and a ballot of each voter, an opening and a closing. */
export function maxPending(voters: number): number {
	return 2 * voters + 2;
}

/** At any moment: the tip never falls, and what is bounded stays so. Takes note of the tip. */
export function checkStep(seat: Seat, voters: number): string | undefined {
	const before = seat.rank;
	seat.rank = rankOf(seat.node);
	const { isClosed, work } = seat.rank;
	if (before.isClosed ? !isClosed : !isClosed && work < before.work) return 'its tip fell';
	const { peers, pending } = seat.node.node.snapshot();
	const linked = peers.filter(({ state }) => state === 'linked').length;
	if (linked > MAX_LINKS) return `it has ${linked} links`;
	if (pending.length > maxPending(voters)) return `${pending.length} transactions wait`;
	return undefined;
}

export function isAtRest({ node }: ClusterNode): boolean {
	const { mining, pending } = node.snapshot();
	return !mining.active && pending.length === 0;
}

/** What all must agree on in the end, as text that can be compared. */
export function outcomeOf(node: PollenNode): string {
	return JSON.stringify([node.snapshot().tip, node.results(), node.enrolments(), node.ballots()]);
}

/** The chain passes the whole audit, and its replay from the genesis counts what the node counts. */
export async function checkChain({ node }: ClusterNode): Promise<string | undefined> {
	const { valid, problems } = await node.verify();
	if (!valid) return `its chain does not hold: ${JSON.stringify(problems)}`;
	const state = new ElectionState(node.election, node.electionId);
	for (const block of (await node.blocks()).slice(1))
		state.connectBlock(blockFromJson(block), block.hash, CHECKED_BEFORE);
	const isSame =
		JSON.stringify(resultsOf(state)) === JSON.stringify(node.results()) &&
		JSON.stringify([...state.ballots.keys()]) === JSON.stringify(node.ballots().map(({ nullifier }) => nullifier));
	return isSame ? undefined : 'its state is another than the replay of its chain';
}

/**
 * Every ballot that a node said it accepted is counted, unless the poll was closed, or the chain that won opened it before its voter
 * was enrolled there.
 * @param accepted the voter ID of each ballot
 */
export function checkAccepted({ node }: ClusterNode, accepted: ReadonlyMap<Nullifier, string>): string | undefined {
	if (node.snapshot().closing) return undefined;
	const counted = new Set(node.ballots().map(({ nullifier }) => nullifier));
	const enrolled = new Set(node.enrolments().map(({ voterId }) => voterId));
	const mayVote = (voterId: string) => node.election.eligibility === 'issued' || enrolled.has(voterId);
	const missing = [...accepted].find(([nullifier, voterId]) => !counted.has(nullifier) && mayVote(voterId));
	return missing && `a ballot of ${missing[1]} that was accepted is missing: ${missing[0]}`;
}
