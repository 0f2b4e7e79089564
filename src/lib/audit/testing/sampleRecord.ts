import type { BlockHash, ElectionId, Hash } from '../../bytes/hash';
import { sha256, sha256Hash } from '../../bytes/sha256';
import { utf8 } from '../../bytes/text';
import { nextTarget } from '../../chain/difficulty';
import { encodeHeader, type Header } from '../../chain/header';
import { meetsTarget } from '../../chain/work';
import { ballotMessage } from '../../election/ballotMessage';
import { transactionsRoot, type Block } from '../../election/block';
import { enrolmentKeyOf, organiserKeyOf } from '../../election/codeKeys';
import type { Election } from '../../election/definition';
import { electionIdOf, genesisBlock } from '../../election/genesis';
import { blockToJson, transactionToJson } from '../../election/json';
import { CHECKED_BEFORE } from '../../election/rules/evidence';
import { publicKeyOf, signTransaction } from '../../election/signing';
import { ElectionState } from '../../election/state';
import { resultsOf } from '../../election/tally';
import {
	ABSTAIN,
	type Ballot,
	type Closing,
	type Enrolment,
	type Opening,
	type Transaction
} from '../../election/transaction';
import type { OpenProofs, Prover } from '../../proofs/port';
import { recordOf, type ElectionRecord } from '../record';

/** Of the first block that is mined: 1 January 2025. */
export const START_MS = 1_735_689_600_000;
export const BLOCK_INTERVAL_MS = 15_000;

export type SyncWorkHash = (header: Uint8Array) => BlockHash;

/** A work function that costs nothing. */
export const instantWorkSync: SyncWorkHash = (header) => sha256Hash(header);

const ORGANISER = organiserKeyOf(sha256(utf8('the organiser of the sample')));
const CONTESTS = [
	{ title: 'Chair', options: ['Ada', 'Grace', 'Alan'] },
	{ title: 'New roof', options: ['Yes', 'No'] }
];
/** Of the three who vote; the last of the four on the roll does not. */
const CHOICES = [
	[0, 1],
	[2, ABSTAIN],
	[0, 0]
];

/** Mines a chain in memory, whatever is on it. */
export class SampleChain {
	readonly electionId: ElectionId;
	readonly blocks: { readonly block: Block; readonly hash: BlockHash }[];

	constructor(
		readonly election: Election,
		private readonly workHash: SyncWorkHash = instantWorkSync
	) {
		this.electionId = electionIdOf(election);
		this.blocks = [{ block: genesisBlock(election), hash: this.electionId }];
	}

	get tip(): { readonly block: Block; readonly hash: BlockHash } {
		return this.blocks.at(-1)!;
	}

	/** A block on the tip: sound, but for what `changes` makes of its header before it is mined. */
	mine(transactions: readonly Transaction[], changes: Partial<Header> = {}): BlockHash {
		const parent = this.tip.block.header;
		const height = parent.height + 1;
		const header: Header = {
			nonce: 0n,
			version: 1,
			height,
			previousHash: this.tip.hash,
			merkleRoot: transactionsRoot(transactions),
			timestamp: START_MS + height * BLOCK_INTERVAL_MS,
			target: nextTarget(this.election, parent, this.blocks.at(-2)?.block.header),
			...changes
		};
		for (let nonce = header.nonce; ; nonce++) {
			const mined = { ...header, nonce };
			const hash = this.workHash(encodeHeader(mined));
			if (!meetsTarget(hash, header.target)) continue;
			this.blocks.push({ block: { header: mined, transactions }, hash });
			return hash;
		}
	}

	opening(commitments: readonly Hash[], groupRoot: Hash): Opening {
		return signTransaction(
			this.electionId,
			{ kind: 'opening' as const, groupSize: commitments.length, groupRoot },
			ORGANISER
		);
	}

	closing(height: number): Closing {
		const { hash } = this.blocks[height]!;
		return signTransaction(this.electionId, { kind: 'closing' as const, height, blockHash: hash }, ORGANISER);
	}

	/** The record of this chain, with the result that it has when every proof and signature holds. */
	record(otherClosings: readonly Closing[] = []): ElectionRecord {
		const state = new ElectionState(this.election, this.electionId);
		for (const { block, hash } of this.blocks.slice(1)) state.connectWhatHolds(block, hash, CHECKED_BEFORE);
		return recordOf({
			electionId: this.electionId,
			election: this.election,
			blocks: this.blocks.map(({ block, hash }) => blockToJson(block, hash)),
			otherClosings: otherClosings.map(transactionToJson),
			results: resultsOf(state)
		});
	}
}

/** What is on the sample of an election with enrolment, to make other chains of. */
export interface EnrolmentSample {
	readonly election: Election;
	readonly enrolments: readonly Enrolment[];
	readonly commitments: readonly Hash[];
	readonly groupRoot: Hash;
	readonly ballots: readonly Ballot[];
}

function credentialKey(voter: number): Uint8Array {
	return sha256(utf8(`credential ${voter}`));
}

async function ballot(prover: Prover, electionId: ElectionId, voter: number, group: readonly Hash[]): Promise<Ballot> {
	const choices = CHOICES[voter]!;
	const message = ballotMessage(electionId, choices);
	const { nullifier, proof } = await prover.prove(credentialKey(voter), group, message);
	return { kind: 'ballot', nullifier, choices, proof };
}

function definition(changes: Partial<Election>): Election {
	return {
		version: 1,
		title: 'Sample of an audit',
		description: 'Two questions,\nthree votes.',
		contests: CONTESTS,
		eligibility: 'issued',
		roll: [],
		organiser: publicKeyOf(ORGANISER),
		opensAt: null,
		closesAt: null,
		blockInterval: BLOCK_INTERVAL_MS,
		initialDifficulty: 1,
		proofDepth: 10,
		...changes
	};
}

export async function enrolmentSample(
	openProofs: OpenProofs,
	changes: Partial<Election> = {}
): Promise<EnrolmentSample> {
	const codes = [0, 1, 2, 3].map((voter) => `CODE${voter}`);
	const roll = codes.map((code, voter) => ({ voterId: `V${voter}`, key: publicKeyOf(enrolmentKeyOf(code)) }));
	const election = definition({ eligibility: 'enrolment', roll, ...changes });
	const electionId = electionIdOf(election);
	const proofs = openProofs({ scope: electionId, depth: election.proofDepth });
	const voters = CHOICES.map((_, voter) => voter);
	const enrolments = await Promise.all(
		voters.map(async (rollIndex) => {
			const commitment = await proofs.commitmentOf(credentialKey(rollIndex));
			const enrolment = { kind: 'enrolment' as const, rollIndex, commitment };
			return signTransaction(electionId, enrolment, enrolmentKeyOf(codes[rollIndex]!));
		})
	);
	const commitments = enrolments.map(({ commitment }) => commitment).sort();
	const groupRoot = await proofs.groupRootOf(commitments);
	const ballots: Ballot[] = [];
	for (const voter of voters) ballots.push(await ballot(proofs, electionId, voter, commitments));
	proofs.close();
	return { election, enrolments, commitments, groupRoot, ballots };
}

/** Eight blocks with transactions of all kinds: the opening in block 3, ballots in 4 and 6, the closing in 7. */
export function enrolmentChain(sample: EnrolmentSample, workHash?: SyncWorkHash): SampleChain {
	const { enrolments, ballots, commitments, groupRoot } = sample;
	const chain = new SampleChain(sample.election, workHash);
	chain.mine(enrolments.slice(0, 2));
	chain.mine(enrolments.slice(2));
	chain.mine([chain.opening(commitments, groupRoot)]);
	chain.mine(ballots.slice(0, 2));
	chain.mine([]);
	chain.mine(ballots.slice(2));
	chain.mine([chain.closing(6)]);
	return chain;
}

/** The record of {@link enrolmentChain}, with another closing, which names block 4. */
export async function enrolmentRecord(openProofs: OpenProofs, workHash?: SyncWorkHash): Promise<ElectionRecord> {
	const chain = enrolmentChain(await enrolmentSample(openProofs), workHash);
	return chain.record([chain.closing(4)]);
}

/** The record of an election with issued codes, which nobody closed: ballots in blocks 1 and 2. */
export async function issuedRecord(openProofs: OpenProofs): Promise<ElectionRecord> {
	const maker = openProofs({
		scope: electionIdOf(definition({ roll: [{ voterId: 'V', key: '1'.padStart(64, '0') }] })),
		depth: 10
	});
	const keys = await Promise.all([0, 1, 2, 3].map((voter) => maker.commitmentOf(credentialKey(voter))));
	maker.close();
	const election = definition({ roll: keys.map((key, voter) => ({ voterId: `V${voter}`, key })), organiser: null });
	const chain = new SampleChain(election);
	const proofs = openProofs({ scope: chain.electionId, depth: election.proofDepth });
	const ballots: Ballot[] = [];
	for (const voter of CHOICES.keys()) ballots.push(await ballot(proofs, chain.electionId, voter, keys));
	proofs.close();
	chain.mine(ballots.slice(0, 1));
	chain.mine(ballots.slice(1));
	return chain.record();
}
