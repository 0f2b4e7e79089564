import { utf8 } from '../bytes/text';
import type { Contest, Election } from '../election/definition';
import { proofDepthFor } from '../election/proofDepth';
import { PollenError } from '../errors/pollenError';
import type { Contact } from '../storage/port';

/** All that an organiser decides about an election. Keys and codes are made from it by `createElection`. */
export interface ElectionPlan {
	readonly title: string;
	readonly description: string;
	readonly contests: readonly Contest[];
	readonly eligibility: Election['eligibility'];
	/** In roll order. */
	readonly voters: readonly Contact[];
	/** ISO instants, or null for no such limit. */
	readonly opensAt: string | null;
	readonly closesAt: string | null;
	/** Milliseconds. */
	readonly blockInterval: number;
	/** Expected hashes a block. */
	readonly initialDifficulty: number;
}

/** Blocks every five seconds, as in the demo: a voter sees the own ballot recorded before leaving the page. */
export const BLOCK_INTERVAL_MS = 5_000;
/** Less than a second's work of one tab, so that a vote can be held on a single old device; difficulty follows from there. */
export const INITIAL_DIFFICULTY = 20_000;

/**
 * The definition that a plan leads to. Names and e-mail addresses stay behind.
 * @param organiser Ed25519 public key, 64 hex digits
 * @param keys of the voters, in roll order
 * @throws PollenError bad-definition when there are more voters than any circuit takes
 */
export function electionOf(plan: ElectionPlan, organiser: string, keys: readonly string[]): Election {
	const { title, description, contests, eligibility, opensAt, closesAt, blockInterval, initialDifficulty } = plan;
	const proofDepth = proofDepthFor(keys.length);
	if (proofDepth === undefined) throw new PollenError('bad-definition', 'the roll is too long');
	return {
		version: 1,
		title,
		description,
		contests: contests.map((contest) => ({ title: contest.title, options: [...contest.options] })),
		eligibility,
		roll: keys.map((key, index) => ({ voterId: plan.voters[index]?.voterId ?? '', key })),
		organiser,
		opensAt,
		closesAt,
		blockInterval,
		initialDifficulty,
		proofDepth
	};
}

/** Different for each index, and a sound key of both kinds of election as far as a definition is concerned. */
export function placeholderKey(index: number): string {
	return (index + 1).toString(16).padStart(64, '0');
}

/**
 * Length in bytes of the definition, before there are any keys: all keys have one length, and RFC 8785 writes texts and
 * numbers as JSON.stringify does.
 */
export function definitionBytes(plan: ElectionPlan): number {
	const keys = plan.voters.map((_, index) => placeholderKey(index));
	return utf8(JSON.stringify(electionOf(plan, placeholderKey(0), keys)).toWellFormed()).length;
}
