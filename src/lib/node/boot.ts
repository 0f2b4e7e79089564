import { auditRecord } from '../audit/auditRecord';
import { proofContextOf } from '../audit/proofContext';
import type { ElectionRecord } from '../audit/record';
import type { AuditOptions, AuditReport } from '../audit/report';
import type { ElectionId } from '../bytes/hash';
import { systemClock } from '../clock/systemClock';
import { encodeElection, type Election } from '../election/definition';
import { DEMO_ELECTION, DEMO_ELECTION_ID } from '../election/demo';
import { PollenError } from '../errors/pollenError';
import { subtleWorkHash } from '../mining/subtleWorkHash';
import { WorkerMiner } from '../mining/workerMiner';
import { ConnectionBudget } from '../network/connectionBudget';
import { createPeerJsNetwork } from '../network/peerJsNetwork';
import type { Network, PeerId } from '../network/port';
import { loadSignallingConfig } from '../network/signallingConfig';
import { createElection as make } from '../organising/createElection';
import type { ElectionPlan } from '../organising/electionPlan';
import { workerDefinitions } from '../organising/readDefinition';
import { workerProofs } from '../proofs/workerProofs';
import { workerRollKeys } from '../proofs/workerRollKeys';
import { openIdbWallet } from '../storage/idbWallet';
import { claimNodeSlot, forgetChains } from '../storage/nodeSlot';
import type { ChainStore } from '../storage/port';
import { encodeFrame } from '../wire/frame';
import type { PollenNode } from './api';
import { createConsole } from './console';
import { askElectionId, fetchElection } from './fetchElection';
import { fetchFromSeats } from './fetchFromSeats';
import { MAX_OPEN } from './limits';
import { startNode } from './node';
import { withWallet } from './walletAccess';

export interface OpenElectionOptions {
	readonly electionId: ElectionId;
	/** A peer that can tell the definition of an election that this device does not know; others are found by its seats. */
	readonly peer?: string;
	/** Absolute address of the folder the page is served from. */
	readonly baseUrl: string;
	/** Told at the beginning of each step: 'storage', 'definition', 'node'. */
	onProgress?(step: 'storage' | 'definition' | 'node'): void;
}

/**
 * Starts this tab's node for an election, and makes it `window.pollen`. Rejects with insecure-context, storage-full, storage-failed, no-election when
 * nobody was named who could tell its definition, and like `fetchElection`.
 */
export async function openElection(options: OpenElectionOptions): Promise<PollenNode> {
	const { electionId, baseUrl, onProgress } = options;
	requireSecureContext();
	onProgress?.('storage');
	const slot = await claimNodeSlot();
	try {
		const store = slot.openChain(electionId);
		onProgress?.('definition');
		const { election, definition } = await findDefinition(store, options);
		onProgress?.('node');
		const wallet = openIdbWallet();
		// For the list of elections, and for other tabs: a full disk must not keep anybody from voting.
		const noted = wallet
			.saveElection({ electionId, title: election.title, definition, openedAt: systemClock.now() })
			.catch(() => undefined);
		const node = await startNode({
			election,
			electionId,
			slot,
			store,
			wallet,
			network: realNetwork(baseUrl),
			proofs: workerProofs(baseUrl)({ scope: electionId, depth: election.proofDepth }),
			miner: new WorkerMiner(),
			workHash: subtleWorkHash,
			clock: systemClock,
			random: randomNumber,
			rendezvous: true,
			randomNonce: () => new DataView(randomBytes(8).buffer).getBigUint64(0),
			randomBytes
		});
		await noted;
		globalThis.pollen = createConsole(node);
		return node;
	} catch (error) {
		slot.close();
		throw error;
	}
}

/** Asks a peer which election it holds. Rejects like `askElectionId`. */
export async function findElection(peer: string, baseUrl: string): Promise<ElectionId> {
	requireSecureContext();
	return await withNetwork(baseUrl, (network) => askElectionId(network, systemClock, peer as PeerId));
}

/**
 * Makes a new election on this device: keys, definition, and the organiser's secret in the wallet, all or nothing. Rejects like
 * `organising/createElection`.
 * @param onProgress told how many of the roll's keys are made
 */
export async function createElection(
	plan: ElectionPlan,
	onProgress?: (done: number, total: number) => void,
	signal?: AbortSignal
): Promise<ElectionId> {
	requireSecureContext();
	return await withWallet((wallet) =>
		make(plan, { rollKeys: workerRollKeys(), wallet, randomBytes, now: systemClock.now() }, onProgress, signal)
	);
}

/** Forgets an election with everything that this profile keeps of it. Rejects storage-failed. */
export async function leaveElection(electionId: ElectionId): Promise<void> {
	await withWallet((wallet) => wallet.forgetElection(electionId));
	await forgetChains(electionId);
}

/** Checks a record that came as a file. Rejects worker-failed, and `aborted` when the signal fires. */
export async function auditFile(record: ElectionRecord, baseUrl: string, options?: AuditOptions): Promise<AuditReport> {
	const proofs = workerProofs(baseUrl)(proofContextOf(record));
	try {
		return await auditRecord(record, { verifier: proofs, workHash: subtleWorkHash, now: systemClock.now() }, options);
	} finally {
		proofs.close();
	}
}

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
	return crypto.getRandomValues(new Uint8Array(length));
}

/** Not Math.random, whose next number follows from those before: which peer gets a ballot first must not be guessed. */
function randomNumber(): number {
	return new DataView(randomBytes(4).buffer).getUint32(0) / 2 ** 32;
}

function requireSecureContext(): void {
	if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) throw new PollenError('insecure-context');
}

/** An election, and what encodes it: thousands of voters are not encoded anew for each who wants them so. */
interface Definition {
	readonly election: Election;
	readonly definition: Uint8Array;
}

/** The definition from this device, from the page itself (the demo), or from a peer; kept for the next time. */
async function findDefinition(store: ChainStore, options: OpenElectionOptions): Promise<Definition> {
	const { electionId } = options;
	const known = await readStored(await store.loadDefinition(), electionId);
	if (known) return known;
	const ofWallet = await withWallet((wallet) => wallet.loadElection(electionId));
	const found = (await readStored(ofWallet?.definition, electionId)) ?? encoded(await obtainDefinition(options));
	await store.saveDefinition(found.definition);
	return found;
}

/** What is stored is believed no more than what a peer says: the election ID pins it. */
async function readStored(definition: Uint8Array | undefined, electionId: ElectionId): Promise<Definition | undefined> {
	if (!definition) return undefined;
	try {
		return { election: await readDefinition(definition, electionId), definition };
	} catch {
		return undefined;
	}
}

function encoded(election: Election): Definition {
	return { election, definition: encodeElection(election) };
}

async function obtainDefinition({ electionId, peer, baseUrl }: OpenElectionOptions): Promise<Election> {
	if (electionId === DEMO_ELECTION_ID) return DEMO_ELECTION;
	return await withNetwork(baseUrl, async (network) => {
		const fromSeats = () => fetchFromSeats(network, systemClock, electionId, readDefinition);
		if (peer === undefined) return await fromSeats();
		return await fetchElection(network, systemClock, peer as PeerId, electionId, readDefinition).catch(
			(failure: unknown) =>
				// The peer that a link names may have gone long ago, while the election goes on.
				fromSeats().catch(() => {
					throw failure;
				})
		);
	});
}

/** A registration of its own, for a question that is asked before there is a node. */
async function withNetwork<T>(baseUrl: string, task: (network: Network) => Promise<T>): Promise<T> {
	const network = realNetwork(baseUrl);
	network.start({ connection: (connection) => connection.close('unlinked'), signalling: () => undefined });
	try {
		return await task(network);
	} finally {
		network.stop();
	}
}

const readDefinition = workerDefinitions();

/** The browser counts the connections of a page, and not of a network. */
const budget = new ConnectionBudget();

function realNetwork(baseUrl: string): Network {
	return createPeerJsNetwork({
		config: () => loadSignallingConfig(baseUrl),
		maxConnections: MAX_OPEN,
		budget,
		refusal: encodeFrame({ type: 'bye', code: 'too-many-peers' })
	});
}
