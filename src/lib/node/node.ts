import { Pace } from '../audit/pace';
import { receiptFileOf, type ReceiptFile } from '../audit/receiptFile';
import type { ElectionRecord } from '../audit/record';
import type { AuditOptions, AuditReport } from '../audit/report';
import type { ElectionId, Nullifier, TransactionId } from '../bytes/hash';
import type { Clock } from '../clock/port';
import { decodeBlock } from '../election/block';
import { encodeElection, type Election } from '../election/definition';
import { blockFromJson, transactionFromJson, transactionToJson, type BlockJson } from '../election/json';
import { phaseAt } from '../election/phase';
import { resultsOf } from '../election/tally';
import { errorCode, PollenError, type ErrorCode } from '../errors/pollenError';
import type { Miner, WorkHash } from '../mining/port';
import type { Network, PeerId } from '../network/port';
import type { FetchProgress, Proofs } from '../proofs/port';
import type { ChainStore, NodeSlot, Wallet } from '../storage/port';
import { PROTOCOL_VERSION } from '../wire/limits';
import type { Hello } from '../wire/messages';
import type { BallotStatus, NodeSnapshot, PollenNode, Verification, VoteRequest, VoterRequest } from './api';
import { BallotViews } from './ballotViews';
import { auditChain, chainBlocks, recordOfChain, verifyChain } from './chainRecord';
import { ChangeSignal } from './changeSignal';
import { handleMessage, type HandlerContext } from './handlers';
import { tidyLabel } from './label';
import { Ledger } from './ledger';
import { PAUSE_MS } from './limits';
import { Links } from './links';
import { MinerControl } from './minerControl';
import { Organiser } from './organiser';
import { OwnTransactions } from './ownTransactions';
import type { PeerSession } from './peerSession';
import { PendingViews } from './pendingViews';
import { PollTimes } from './pollTimes';
import { ReceiptCodes } from './receiptCodes';
import { Relay } from './relay';
import { Reminder } from './reminder';
import { Rendezvous } from './rendezvous';
import { Stem } from './stem';
import { Sync } from './sync';
import { TransactionRequests } from './transactionRequests';
import { closingView, enrolmentViews, openingView, signedClosingsView } from './views';
import { Voters } from './voters';
import { Voting } from './voting';
import { findByReceiptCode, placeOf } from './whereBallot';

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
	/** Whether to find other nodes by the election's seats, and be found by them. */
	readonly rendezvous: boolean;
	/** Unpredictable bytes, for credentials. */
	readonly randomBytes: (length: number) => Uint8Array;
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
			closingHeard: () => started?.closingHeard(),
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
	readonly #codes = new ReceiptCodes();
	readonly #ballotViews = new BallotViews(this.#codes);
	readonly #links: Links;
	readonly #sync: Sync;
	readonly #relay: Relay;
	readonly #requests: TransactionRequests;
	readonly #stem: Stem;
	readonly #reminder: Reminder;
	readonly #mining: MinerControl;
	readonly #voters: Voters;
	readonly #voting: Voting;
	readonly #organiser: Organiser;
	readonly #own: OwnTransactions;
	readonly #times: PollTimes;
	readonly #pending: PendingViews;
	readonly #rendezvous: Rendezvous;
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
		this.#pending = new PendingViews(ledger.core, this.#codes);
		this.#links = new Links(network, clock, random, {
			hello: () => this.#hello(),
			linked: (session) => this.#linked(session),
			message: (session, message) =>
				handleMessage(this.#context, session, message).catch((error: unknown) => this.#noteOwnFault(error)),
			unlinked: (session) => {
				this.#sync.drop(session);
				this.#requests.drop(session);
				this.#rememberPeers();
			},
			visited: () => this.#rendezvous.visited(),
			changed
		});
		const sessions = () => this.#links.sessions;
		this.#sync = new Sync(ledger, sessions, clock, () => {
			this.#mining.reconsider();
			changed();
		});
		this.#requests = new TransactionRequests(ledger, sessions, clock);
		const onPublic = (ids: readonly TransactionId[]) => this.admitted(ids);
		this.#stem = new Stem({ ...dependencies, ledger, sessions, onPublic });
		const isWithheld = (id: TransactionId) => this.#stem.isWithheld(id);
		this.#relay = new Relay({ ledger, sessions, clock, random, isWithheld });
		this.#reminder = new Reminder(this.#relay, sessions, clock, random);
		this.#mining = new MinerControl(ledger, miner, clock, randomNonce, {
			isContested: () => this.#sync.isContested(),
			isFarBehind: () => this.#sync.isFarBehind(),
			isWithheld: (id) => this.#stem.isKeptFromBlocks(id),
			changed
		});
		const cast: Stem['cast'] = (transaction) => this.#stem.cast(transaction);
		this.#voters = new Voters({ ...dependencies, ledger, prover: proofs, cast });
		this.#voting = new Voting({ ...dependencies, ledger, prover: proofs, voters: this.#voters, cast });
		this.#organiser = new Organiser({ ...dependencies, ledger, verifier: proofs });
		this.#own = new OwnTransactions({
			...dependencies,
			ledger,
			prover: proofs,
			isCaughtUp: () => this.#sync.isCaughtUp(),
			cast
		});
		this.#times = new PollTimes(dependencies.election, clock, () => {
			// What peers offered before the poll was open on this node was refused, and is taken now.
			this.#requests.askAnew();
			this.#mining.update();
			void this.#own.resend();
			changed();
		});
		this.#rendezvous = new Rendezvous(dependencies.electionId, network, clock, random, {
			links: () => this.#links.sessions.length,
			hearOf: (seat, peerIds) => this.#links.hearOf(seat, peerIds)
		});
		this.#context = {
			ledger,
			sync: this.#sync,
			relay: this.#relay,
			requests: this.#requests,
			stem: this.#stem,
			links: this.#links,
			// Encoded when somebody asks for it: most tabs are never asked, and a long roll takes a while.
			get definition() {
				return encodeElection(dependencies.election);
			}
		};
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
		this.#stem.hold(await this.#own.unrecorded());
		network.start({
			connection: (connection) => this.#links.accept(connection),
			signalling: (state) => {
				if (state === 'online') {
					this.#links.retryNow();
					if (this.dependencies.rendezvous) this.#rendezvous.start();
				}
				this.#signal.fire();
			}
		});
		this.#links.remember(peers);
		this.#times.start();
		this.#reminder.start();
		// What the last session left is taken up in the background: the page need not wait for old proofs.
		this.#resume();
		this.#mining.update();
	}

	/** Whoever looks at ballots may search them next. */
	#learnCodes(): void {
		const { clock } = this.dependencies;
		const pace = new Pace(undefined, () => clock.now());
		void this.#codes.learn(this.ledger.core.state.ballots.keys(), pace);
	}

	/** Tries again while this device cannot: until then pending ballots of the last session wait in storage. */
	#resume(): void {
		this.ledger.resume().then(
			() => {
				if (this.#stopped) return;
				this.#own.start();
				this.#learnCodes();
			},
			(error: unknown) => {
				this.#noteOwnFault(error);
				if (!this.#stopped) this.dependencies.clock.after(PAUSE_MS, () => this.#resume());
			}
		);
	}

	tipChanged(change: Parameters<Relay['announceTip']>[0]): void {
		const recorded = change.recorded.map(({ id }) => id);
		this.#stem.forget(recorded);
		this.#requests.settle(recorded);
		this.#requests.forgive();
		this.#relay.forget(recorded);
		this.#relay.announceTip(change);
		this.#mining.update();
		this.#organiser.renew().catch((error: unknown) => this.#noteOwnFault(error));
		if (change.hasOpened) this.#requests.askAnew();
		this.#signal.fire();
	}

	/** A closing that our chain lacks may stand on a peer's chain, which then outranks ours. */
	closingHeard(): void {
		for (const session of this.#links.sessions) this.#sync.consider(session);
		this.#relay.announceTransactions(this.ledger.core.closings.all.map(({ id }) => id));
		this.#signal.fire();
	}

	admitted(ids: Parameters<Relay['announceTransactions']>[0]): void {
		this.#relay.announceTransactions(ids);
		this.#mining.transactionsCame();
		this.#signal.fire();
	}

	storage(error: NodeSnapshot['storageError']): void {
		if (error === this.#storageError) return;
		this.#storageError = error;
		this.#signal.fire();
	}

	snapshot(): NodeSnapshot {
		const { network, clock, electionId } = this.dependencies;
		const { tip, state } = this.ledger.core;
		return {
			electionId,
			peerId: network.peerId,
			signalling: network.signalling,
			label: this.label,
			height: tip.header.height,
			tip: tip.hash,
			work: tip.work,
			phase: phaseAt(state, clock.now()),
			enrolled: state.enrolled,
			opening: openingView(state),
			closing: closingView(state),
			signedClosings: signedClosingsView(this.ledger.core),
			organiserTask: this.#organiser.task,
			pending: this.#pending.list(),
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
		return this.#voting.checkVoter({ voterId, code });
	}

	voterStatus(voter: VoterRequest) {
		return this.#voters.status(voter);
	}

	enrol(voter: VoterRequest): Promise<void> {
		return this.#voters.enrol(voter);
	}

	enrolments() {
		return enrolmentViews(this.ledger.core.state);
	}

	isOrganiser(): Promise<boolean> {
		return this.#organiser.isHere();
	}

	openPoll(): Promise<void> {
		return this.#organiser.open();
	}

	closePoll(): Promise<void> {
		return this.#organiser.close();
	}

	prepareProver(onProgress?: (progress: FetchProgress) => void): Promise<void> {
		return this.dependencies.proofs.prepare(onProgress);
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

	async ballotStatus(nullifier: Nullifier): Promise<BallotStatus | undefined> {
		const own = (await this.receipts()).find((receipt) => receipt.nullifier === nullifier);
		const place = placeOf(this.ledger.core, nullifier, own?.choices, (id) => this.#relay.holders(id));
		if (!place && !own) return undefined;
		return { nullifier, receiptCode: this.#codes.of(nullifier), place: place ?? { at: 'device' } };
	}

	findBallot(code: string): Nullifier | undefined {
		return findByReceiptCode(this.ledger.core, this.#codes, code);
	}

	async receiptFile(nullifier: Nullifier): Promise<ReceiptFile> {
		const { state, store } = this.ledger.core;
		const recorded = state.recordedBallot(nullifier);
		const stored = recorded && (await store.loadBlock(recorded.blockHash));
		if (!stored) throw new PollenError('bad-receipt', 'this ballot is in no block yet');
		const { election, electionId } = this;
		const block = decodeBlock(stored.bytes);
		return receiptFileOf({ electionId, title: election.title, block, blockHash: stored.hash, nullifier });
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
		for (const session of this.#links.sessions) this.#sync.requestHeaders(session);
		this.#requests.askAnew();
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
		this.#learnCodes();
		return this.#ballotViews.all(this.ledger.core.state);
	}

	blocks(from?: number, limit?: number): Promise<BlockJson[]> {
		return chainBlocks(this.ledger.core, from, limit);
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

	record(): Promise<ElectionRecord> {
		return recordOfChain(this.ledger);
	}

	audit(options?: AuditOptions): Promise<AuditReport> {
		return auditChain(this.ledger, options);
	}

	verify(): Promise<Verification> {
		return verifyChain(this.ledger);
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		this.#rememberPeers();
		this.#links.stop();
		this.#mining.stop();
		this.#own.stop();
		this.#times.stop();
		this.#reminder.stop();
		this.#stem.stop();
		this.#rendezvous.stop();
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
