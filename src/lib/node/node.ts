import type { ElectionId } from '../bytes/hash';
import { pathBetween } from '../chain/forkChoice';
import type { Clock } from '../clock/port';
import { decodeBlock } from '../election/block';
import { encodeElection, type Election } from '../election/definition';
import { genesisBlock } from '../election/genesis';
import { blockFromJson, blockToJson, transactionFromJson, transactionToJson, type BlockJson } from '../election/json';
import { phaseAt } from '../election/phase';
import { receiptCode } from '../election/receiptCode';
import { resultsOf } from '../election/tally';
import { errorCode, PollenError, type ErrorCode } from '../errors/pollenError';
import type { Miner, WorkHash } from '../mining/port';
import type { Network, PeerId } from '../network/port';
import type { Proofs } from '../proofs/port';
import type { ChainStore, NodeSlot, Wallet } from '../storage/port';
import { PROTOCOL_VERSION } from '../wire/limits';
import type { Hello } from '../wire/messages';
import type { NodeSnapshot, PollenNode, VoteRequest } from './api';
import { ChangeSignal } from './changeSignal';
import { handleMessage, type HandlerContext } from './handlers';
import { tidyLabel } from './label';
import { Ledger } from './ledger';
import { PAUSE_MS } from './limits';
import { Links } from './links';
import { MinerControl } from './minerControl';
import type { PeerSession } from './peerSession';
import { Relay } from './relay';
import { Sync } from './sync';
import { verifyChain } from './verifyChain';
import { Voting } from './voting';

/** The outside world of a node: every port, and the two sources of chance. */
export interface NodeDependencies {
	readonly election: Election;
	readonly electionId: ElectionId;
	readonly slot: Pick<NodeSlot, 'loadLabel' | 'saveLabel' | 'close'>;
	readonly store: ChainStore;
	readonly wallet: Wallet;
	readonly network: Network;
	readonly proofs: Proofs;
	readonly miner: Miner;
	readonly workHash: WorkHash;
	readonly clock: Clock;
	/** Uniform in [0, 1). */
	readonly random: () => number;
	/** Where a nonce search starts: uniform over 64 bits, so that two nodes do not search the same. */
	readonly randomNonce: () => bigint;
}

/** Opens a node at the tip it reached last, and starts everything that it does by itself. */
export async function startNode(dependencies: NodeDependencies): Promise<PollenNode> {
	const label = tidyLabel(await dependencies.slot.loadLabel());
	// While the ledger is being opened there is no node yet. It may write then, to repair what is stored; if that fails,
	// so will the next write, which the node hears of.
	let started = undefined as Node | undefined;
	const ledger = await Ledger.open(
		{ ...dependencies, verifier: dependencies.proofs },
		{
			tipChanged: (change) => started?.tipChanged(change),
			admitted: (ids) => started?.admitted(ids),
			storage: (error) => started?.storage(error)
		}
	);
	const node = new Node(dependencies, ledger, label);
	started = node;
	await node.start();
	return node;
}

class Node implements PollenNode {
	readonly #signal = new ChangeSignal();
	readonly #links: Links;
	readonly #sync: Sync;
	readonly #relay: Relay;
	readonly #mining: MinerControl;
	readonly #voting: Voting;
	readonly #context: HandlerContext;
	#storageError: NodeSnapshot['storageError'];
	#stopped = false;

	constructor(
		private readonly dependencies: NodeDependencies,
		private readonly ledger: Ledger,
		private label: string
	) {
		const { network, clock, random, miner, randomNonce, proofs } = dependencies;
		const changed = this.#signal.fire;
		this.#links = new Links(network, clock, random, {
			hello: () => this.#hello(),
			linked: (session) => this.#linked(session),
			message: (session, message) => {
				handleMessage(this.#context, session, message).catch((error: unknown) => this.#noteOwnFault(error));
			},
			unlinked: (session) => {
				this.#sync.drop(session);
				this.#rememberPeers();
			},
			changed
		});
		const sessions = () => this.#links.sessions;
		this.#sync = new Sync(ledger, sessions, clock, () => {
			this.#mining.reconsider();
			changed();
		});
		this.#relay = new Relay(ledger, sessions);
		this.#mining = new MinerControl(ledger, miner, clock, randomNonce, {
			isContested: () => this.#sync.isContested(),
			changed
		});
		this.#voting = new Voting({ ...dependencies, ledger, prover: proofs });
		const definition = encodeElection(dependencies.election);
		this.#context = { ledger, sync: this.#sync, relay: this.#relay, links: this.#links, definition };
	}

	get election(): Election {
		return this.dependencies.election;
	}

	get electionId(): ElectionId {
		return this.dependencies.electionId;
	}

	async start(): Promise<void> {
		const { network, store } = this.dependencies;
		const peers = await store.loadPeers();
		network.start({
			connection: (connection) => this.#links.accept(connection),
			signalling: (state) => {
				if (state === 'online') this.#links.retryNow();
				this.#signal.fire();
			}
		});
		// Oldest first, since each is noted before those that came earlier.
		for (const peerId of peers.toReversed()) this.#links.redial(peerId as PeerId);
		// What the last session left is taken up in the background: the page need not wait for old proofs.
		this.#resume();
		this.#mining.update();
	}

	/** Tries again while this device cannot: until then pending ballots of the last session wait in storage. */
	#resume(): void {
		this.ledger.resume().catch((error: unknown) => {
			this.#noteOwnFault(error);
			if (!this.#stopped) this.dependencies.clock.after(PAUSE_MS, () => this.#resume());
		});
	}

	tipChanged(change: Parameters<Relay['announceTip']>[0]): void {
		this.#relay.announceTip(change);
		this.#mining.update();
		this.#signal.fire();
	}

	admitted(ids: Parameters<Relay['announceTransactions']>[0]): void {
		this.#relay.announceTransactions(ids);
		this.#mining.update();
		this.#signal.fire();
	}

	storage(error: NodeSnapshot['storageError']): void {
		if (error === this.#storageError) return;
		this.#storageError = error;
		this.#signal.fire();
	}

	snapshot(): NodeSnapshot {
		const { network, clock, election, electionId } = this.dependencies;
		const { tip, mempool } = this.ledger.core;
		return {
			electionId,
			peerId: network.peerId,
			signalling: network.signalling,
			label: this.label,
			height: tip.header.height,
			tip: tip.hash,
			work: tip.work,
			phase: phaseAt(election, clock.now()),
			pending: mempool.all().map(({ id, transaction: { nullifier, choices } }) => ({
				id,
				receiptCode: receiptCode(nullifier),
				choices
			})),
			peers: this.#links.view(),
			mining: this.#mining.view(),
			sync: this.#sync.view(),
			storageError: this.#storageError
		};
	}

	subscribe(listener: () => void): () => void {
		return this.#signal.subscribe(listener);
	}

	checkVoter(voterId: string, code: string): Promise<void> {
		return this.#voting.checkVoter(voterId, code);
	}

	prepareVote(request: VoteRequest): void {
		this.#voting.prepare(request);
	}

	vote(request: VoteRequest) {
		return this.#voting.vote(request);
	}

	receipts() {
		return this.dependencies.wallet.loadReceipts(this.electionId);
	}

	mine() {
		return this.#mining.mineOne();
	}

	setMining(automatic: boolean): void {
		this.#mining.setAutomatic(automatic);
	}

	async link(peerId: string): Promise<void> {
		await this.#links.link(peerId.trim() as PeerId);
	}

	unlink(peerId: string): void {
		this.#links.unlink(peerId.trim() as PeerId);
		this.#rememberPeers();
	}

	async resync(): Promise<void> {
		for (const session of this.#links.sessions) {
			this.#sync.requestHeaders(session);
			session.send({ type: 'getTransactions', ids: [] });
		}
		await this.#sync.settled();
		await this.ledger.idle();
	}

	async setLabel(label: string): Promise<void> {
		const tidy = tidyLabel(label);
		await this.dependencies.slot.saveLabel(tidy);
		this.label = tidy;
		for (const session of this.#links.sessions) session.send(this.#hello());
		this.#signal.fire();
	}

	results() {
		return resultsOf(this.ledger.core.state);
	}

	ballots() {
		return [...this.ledger.core.state.ballots.values()].map((ballot) => ({
			...ballot,
			receiptCode: receiptCode(ballot.nullifier)
		}));
	}

	async blocks(from = 0, limit = Number.POSITIVE_INFINITY): Promise<BlockJson[]> {
		const { tree, tip, store } = this.ledger.core;
		const first = Math.max(0, from);
		const chain = [tree.genesis, ...pathBetween(tree.genesis, tip).connect].slice(first, first + limit);
		return await Promise.all(
			chain.map(async (entry) => {
				if (!entry.parent) return blockToJson(genesisBlock(this.election), entry.hash);
				const stored = await store.loadBlock(entry.hash);
				if (!stored) throw new PollenError('storage-failed', `the body of block ${entry.hash} is gone`);
				return blockToJson(decodeBlock(stored.bytes), entry.hash);
			})
		);
	}

	pending() {
		return this.ledger.core.mempool.all().map(({ transaction }) => transactionToJson(transaction));
	}

	submit(transaction: unknown) {
		return judged(() => this.ledger.addTransaction(transactionFromJson(transaction), 'strict'));
	}

	addBlock(block: unknown) {
		return judged(() => this.ledger.addBlock(blockFromJson(block)));
	}

	verify() {
		return verifyChain(this.ledger.core);
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		this.#rememberPeers();
		this.#links.stop();
		this.#mining.stop();
		this.dependencies.network.stop();
		await this.ledger.idle();
		this.dependencies.proofs.close();
		this.dependencies.store.close();
		this.dependencies.wallet.close();
		this.dependencies.slot.close();
	}

	#hello(): Hello {
		const { tip } = this.ledger.core;
		return {
			type: 'hello',
			protocol: PROTOCOL_VERSION,
			electionId: this.electionId,
			title: this.election.title,
			height: tip.header.height,
			work: tip.work,
			tip: tip.hash,
			label: this.label
		};
	}

	#linked(session: PeerSession): void {
		this.#sync.consider(session);
		this.#relay.catchUp(session);
		this.#relay.announceMempool(session);
		session.send({ type: 'getPeers' });
		this.#rememberPeers();
	}

	#rememberPeers(): void {
		this.dependencies.store.savePeers(this.#links.worthDialling()).catch((error: unknown) => this.#noteOwnFault(error));
	}

	#noteOwnFault(error: unknown): void {
		const code = errorCode(error, 'storage-failed');
		if (code === 'storage-full' || code === 'storage-failed') this.storage(code);
	}
}

/** Turns a refusal into a value, as the console interface returns it. */
async function judged(task: () => Promise<unknown>): Promise<{ accepted: boolean; code?: ErrorCode }> {
	try {
		await task();
		return { accepted: true };
	} catch (error) {
		if (error instanceof PollenError) return { accepted: false, code: error.code };
		throw error;
	}
}
