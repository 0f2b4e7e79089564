import * as v from 'valibot';
import type { ElectionId, BlockHash, Nullifier, TransactionId } from '../bytes/hash';
import type { BlockJson, TransactionJson } from '../election/json';
import type { Phase } from '../election/phase';
import type { Results } from '../election/tally';
import { PollenError, type ErrorCode } from '../errors/pollenError';
import type { PollenNode, Verification, VoteRequest } from './api';

export interface ConsoleStatus {
	readonly peerId: string | undefined;
	readonly electionId: ElectionId;
	readonly title: string;
	readonly height: number;
	readonly tip: BlockHash;
	/** Cumulative work, a decimal string. */
	readonly work: string;
	readonly peers: string[];
	/** Ballots waiting to be recorded. */
	readonly pending: number;
	/** Whether this node is searching for a block right now. */
	readonly mining: boolean;
	/** Hashes a second. */
	readonly hashRate: number;
	readonly phase: Phase;
}

/**
 * `window.pollen`: this tab's node for scripts and the browser's console, the counterpart of a node's HTTP endpoints
 * elsewhere. Refusals throw (or reject with) a `PollenError`, whose `code` says why.
 */
export interface PollenConsole {
	status(): ConsoleStatus;
	/** All blocks of the main chain, genesis first. */
	chain(): Promise<{ length: number; chain: BlockJson[]; peers: string[] }>;
	pending(): TransactionJson[];
	/** Casts a ballot. `choices` holds an option index for each contest, 255 for none. */
	vote(request: VoteRequest): Promise<{ ballotId: TransactionId; nullifier: Nullifier }>;
	/** Mines one block; null when nothing is pending. */
	mine(): Promise<{ height: number; hash: BlockHash } | null>;
	/** Whether this node mines by itself when something is pending. */
	setMining(on: boolean): Promise<void>;
	link(peerId: string): Promise<void>;
	unlink(peerId: string): Promise<void>;
	resync(): Promise<void>;
	submit(transaction: unknown): Promise<{ accepted: boolean; code?: ErrorCode }>;
	addBlock(block: unknown): Promise<{ accepted: boolean; code?: ErrorCode }>;
	results(): Results;
	/** Checks the whole chain anew, every proof included. */
	verify(): Promise<Verification>;
}

declare global {
	/** The node of this tab, once an election is open in it. */
	var pollen: PollenConsole | undefined;
}

export function createConsole(node: PollenNode): PollenConsole {
	const linkedPeers = () =>
		node
			.snapshot()
			.peers.filter(({ state }) => state === 'linked')
			.map(({ peerId }) => peerId as string);
	return {
		status() {
			const { peerId, electionId, height, tip, work, pending, mining, phase } = node.snapshot();
			return {
				peerId,
				electionId,
				title: node.election.title,
				height,
				tip,
				work: work.toString(),
				peers: linkedPeers(),
				pending: pending.length,
				mining: mining.active,
				hashRate: mining.hashRate,
				phase
			};
		},
		async chain() {
			const chain = await node.blocks();
			return { length: chain.length, chain, peers: linkedPeers() };
		},
		pending: () => node.pending(),
		async vote(request) {
			const { ballotId, nullifier } = await node.vote(parseVoteRequest(request));
			return { ballotId, nullifier };
		},
		mine: () => node.mine(),
		setMining: async (on) => node.setMining(on),
		link: (peerId) => node.link(peerId),
		unlink: async (peerId) => node.unlink(peerId),
		resync: () => node.resync(),
		submit: (transaction) => node.submit(transaction),
		addBlock: (block) => node.addBlock(block),
		results: () => node.results(),
		verify: () => node.verify()
	};
}

const VoteRequestSchema = v.object({ voterId: v.string(), code: v.string(), choices: v.array(v.number()) });

/** Scripts are not type-checked: what they pass is looked at before a node takes it. Throws bad-encoding. */
function parseVoteRequest(request: unknown): VoteRequest {
	const parsed = v.safeParse(VoteRequestSchema, request);
	if (parsed.success) return parsed.output;
	throw new PollenError('bad-encoding', `vote({ voterId, code, choices }): ${parsed.issues[0].message}`);
}
