import type { BlockHash, Hash, Nullifier } from '../../bytes/hash';
import { sha256, sha256Hash } from '../../bytes/sha256';
import { concatBytes } from '../../bytes/compare';
import { utf8 } from '../../bytes/text';
import { encodeHeader, type Header } from '../../chain/header';
import { workHashSync } from '../../chain/work';
import { transactionsRoot, type Block } from '../block';
import type { Election } from '../definition';
import { electionIdOf } from '../genesis';
import { CHECKED_BEFORE, type Evidence } from '../rules/evidence';
import { ElectionState } from '../state';
import { PROOF_LENGTH, type Ballot, type Transaction } from '../transaction';

/** An election with issued codes and two contests of three and two options, for tests. */
export function sampleElection(changes: Partial<Election> = {}): Election {
	return {
		version: 1,
		title: 'Sample',
		description: '',
		contests: [
			{ title: 'Colour', options: ['Red', 'Green', 'Blue'] },
			{ title: 'Bridge', options: ['Yes', 'No'] }
		],
		eligibility: 'issued',
		roll: [1, 2, 3].map((n) => ({ voterId: `V${n}`, key: sampleCommitment(n) })),
		organiser: null,
		opensAt: null,
		closesAt: null,
		blockInterval: 1_000,
		initialDifficulty: 1,
		proofDepth: 10,
		...changes
	};
}

export function sampleCommitment(n: number): Hash {
	return n.toString(16).padStart(64, '0') as Hash;
}

/** A nullifier for each seed; its first digit is zeroed to keep it a field element. */
export function sampleNullifier(seed: number): Nullifier {
	return `0${sha256Hash(utf8(`nullifier ${seed}`)).slice(1)}` as Nullifier;
}

/** A ballot whose proof is bytes that prove nothing. */
export function sampleBallot(seed: number, choices: readonly number[] = [0, 0]): Ballot {
	const parts = Array.from({ length: PROOF_LENGTH / 32 }, (_, i) => sha256(utf8(`proof ${seed} ${i}`)));
	return { kind: 'ballot', nullifier: sampleNullifier(seed), choices, proof: concatBytes(...parts) };
}

/** A block and the hash it really has. Nothing is mined. */
export interface HashedBlock {
	readonly block: Block;
	readonly hash: BlockHash;
}

/** The header of a child of the state's tip; sound but for what `changes` makes of it. */
function childHeader(
	state: Pick<ElectionState, 'tip' | 'height'>,
	transactions: readonly Transaction[],
	changes: Partial<Header>
): Header {
	return {
		nonce: 0n,
		version: 1,
		height: state.height + 1,
		previousHash: state.tip,
		merkleRoot: transactionsRoot(transactions),
		timestamp: (state.height + 1) * 1_000,
		target: 2n ** 256n - 1n,
		...changes
	};
}

/** A child of the state's tip; sound but for what `changes` makes of its header. */
export function sampleChild(
	state: Pick<ElectionState, 'tip' | 'height'>,
	transactions: readonly Transaction[],
	changes: Partial<Header> = {}
): HashedBlock {
	const header = childHeader(state, transactions, changes);
	return { block: { header, transactions }, hash: workHashSync(encodeHeader(header)) };
}

/** Like {@link sampleChild}, under a hash that is quick to make: a state takes hashes as it is given them. */
export function quickChild(
	state: Pick<ElectionState, 'tip' | 'height'>,
	transactions: readonly Transaction[]
): HashedBlock {
	const header = childHeader(state, transactions, {});
	return { block: { header, transactions }, hash: sha256Hash(encodeHeader(header)) };
}

export function newState(election: Election = sampleElection()): ElectionState {
	return new ElectionState(election, electionIdOf(election));
}

/** Every proof, signature and root holds. */
export const allProven: Evidence = CHECKED_BEFORE;

/** Connects a child that holds these transactions, all evidence taken as valid. */
export function extend(state: ElectionState, transactions: readonly Transaction[]): HashedBlock {
	const child = sampleChild(state, transactions);
	state.connectBlock(child.block, child.hash, allProven);
	return child;
}
