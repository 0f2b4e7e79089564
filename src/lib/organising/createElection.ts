import type { ElectionId } from '../bytes/hash';
import { organiserKeyOf, votingCodeOf } from '../election/codeKeys';
import { encodeElection } from '../election/definition';
import { electionIdOf } from '../election/genesis';
import { publicKeyOf } from '../election/signing';
import { PollenError } from '../errors/pollenError';
import type { RollKeys } from '../proofs/port';
import type { Wallet } from '../storage/port';
import { MAX_FRAME_BYTES } from '../wire/limits';
import { electionOf, placeholderKey, type ElectionPlan } from './electionPlan';

/** Length of the organiser's secret. */
const SECRET_BYTES = 32;

export interface CreateElectionOptions {
	readonly rollKeys: RollKeys;
	readonly wallet: Pick<Wallet, 'saveOrganiser'>;
	randomBytes(length: number): Uint8Array;
	/** Milliseconds since the epoch. */
	readonly now: number;
}

/**
 * Makes an election: the organiser's secret, from it all voting codes, their keys, and the definition; then keeps secret
 * and definition in the wallet, in one step, so that there is an election with its organiser or nothing. Rejects with
 * bad-definition or oversized before any key is made, with aborted while nothing is kept yet, and like the wallet and the
 * roll's keys.
 * @param onProgress told how many keys are made, of how many
 */
export async function createElection(
	plan: ElectionPlan,
	{ rollKeys, wallet, randomBytes, now }: CreateElectionOptions,
	onProgress?: (done: number, total: number) => void,
	signal?: AbortSignal
): Promise<ElectionId> {
	requireSoundPlan(plan);
	const total = plan.voters.length;
	const secret = randomBytes(SECRET_BYTES);
	const codes = plan.voters.map(({ voterId }) => votingCodeOf(secret, voterId));
	requireGoing(signal);
	onProgress?.(0, total);
	const keys = await rollKeys.make(plan.eligibility, codes, (done) => onProgress?.(done, total), signal);
	if (keys.length !== total) throw new PollenError('worker-failed', `${keys.length} keys for ${total} voters`);
	const election = electionOf(plan, publicKeyOf(organiserKeyOf(secret)), keys);
	const definition = encodeElection(election);
	const electionId = electionIdOf(election);
	requireGoing(signal);
	await wallet.saveOrganiser(
		{ electionId, secret, contacts: plan.voters, createdAt: now },
		{ electionId, title: plan.title, definition, openedAt: now }
	);
	return electionId;
}

/** Making keys takes minutes, so everything else is judged before, with keys that only stand in for them. */
function requireSoundPlan(plan: ElectionPlan): void {
	const keys = plan.voters.map((_, index) => placeholderKey(index));
	const definition = encodeElection(electionOf(plan, placeholderKey(0), keys));
	if (definition.length > MAX_FRAME_BYTES) {
		throw new PollenError('oversized', `the definition has ${definition.length} bytes, more than one message holds`);
	}
}

function requireGoing(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new PollenError('aborted');
}
