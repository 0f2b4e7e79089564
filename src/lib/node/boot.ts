import type { ElectionId, Hash } from '../bytes/hash';
import { systemClock } from '../clock/systemClock';
import { decodeElection, encodeElection, type Election } from '../election/definition';
import { DEMO_ELECTION, DEMO_ELECTION_ID } from '../election/demo';
import { electionIdOf } from '../election/genesis';
import { PollenError } from '../errors/pollenError';
import { subtleWorkHash } from '../mining/subtleWorkHash';
import { WorkerMiner } from '../mining/workerMiner';
import { createPeerJsNetwork } from '../network/peerJsNetwork';
import type { Network, PeerId } from '../network/port';
import { loadSignallingConfig } from '../network/signallingConfig';
import { workerProofs } from '../proofs/workerProofs';
import { openIdbWallet } from '../storage/idbWallet';
import { claimNodeSlot } from '../storage/nodeSlot';
import type { ChainStore } from '../storage/port';
import { encodeFrame } from '../wire/frame';
import type { PollenNode } from './api';
import { createConsole } from './console';
import { askElectionId, fetchElection } from './fetchElection';
import { MAX_LINKS } from './limits';
import { startNode } from './node';

export interface OpenElectionOptions {
	readonly electionId: ElectionId;
	/** A peer that can tell the definition of an election that this device does not know. */
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
		const election = await findDefinition(store, options);
		onProgress?.('node');
		const wallet = openIdbWallet();
		// Only a note for the list of elections: a full disk must not keep anybody from voting.
		await wallet
			.saveElection({ electionId, title: election.title, openedAt: systemClock.now() })
			.catch(() => undefined);
		const node = await startNode({
			election,
			electionId,
			slot,
			store,
			wallet,
			network: realNetwork(baseUrl),
			proofs: workerProofs(baseUrl)({
				scope: electionId,
				commitments: election.roll.map(({ key }) => key as Hash),
				depth: election.proofDepth
			}),
			miner: new WorkerMiner(),
			workHash: subtleWorkHash,
			clock: systemClock,
			random: Math.random,
			randomNonce: () => new DataView(crypto.getRandomValues(new Uint8Array(8)).buffer).getBigUint64(0)
		});
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

function requireSecureContext(): void {
	if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) throw new PollenError('insecure-context');
}

/** The definition from this device, from the page itself (the demo), or from a peer; kept for the next time. */
async function findDefinition(store: ChainStore, options: OpenElectionOptions): Promise<Election> {
	const known = await loadDefinition(store, options.electionId);
	if (known) return known;
	const election = await obtainDefinition(options);
	await store.saveDefinition(encodeElection(election));
	return election;
}

/** What is stored is believed no more than what a peer says: the election ID pins it. */
async function loadDefinition(store: ChainStore, electionId: ElectionId): Promise<Election | undefined> {
	const bytes = await store.loadDefinition();
	if (!bytes) return undefined;
	try {
		const election = decodeElection(bytes);
		return electionIdOf(election) === electionId ? election : undefined;
	} catch {
		return undefined;
	}
}

async function obtainDefinition({ electionId, peer, baseUrl }: OpenElectionOptions): Promise<Election> {
	if (electionId === DEMO_ELECTION_ID) return DEMO_ELECTION;
	if (peer === undefined) throw new PollenError('no-election', 'no peer was named that holds this election');
	return await withNetwork(baseUrl, (network) => fetchElection(network, systemClock, peer as PeerId, electionId));
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

function realNetwork(baseUrl: string): Network {
	return createPeerJsNetwork({
		config: () => loadSignallingConfig(baseUrl),
		maxConnections: MAX_LINKS,
		refusal: encodeFrame({ type: 'bye', code: 'too-many-peers' })
	});
}
