import type { Hash } from '../../src/lib/bytes/hash';
import { encodeElection } from '../../src/lib/election/definition';
import type { Ballot } from '../../src/lib/election/transaction';
import { ballotMessage } from '../../src/lib/election/ballotMessage';
import { codeFromBytes } from '../../src/lib/election/votingCode';
import { credentialKeyOf, organiserKeyOf } from '../../src/lib/election/codeKeys';
import { publicKeyOf } from '../../src/lib/election/signing';
import type { Election } from '../../src/lib/election/definition';
import { encodeBlock } from '../../src/lib/election/block';
import { errorCode, type ErrorCode } from '../../src/lib/errors/pollenError';
import { createMemoryHub, type MemoryFaults, type MemoryHub } from '../../src/lib/network/memoryNetwork';
import type { Network, PeerId } from '../../src/lib/network/port';
import type { PollenNode } from '../../src/lib/node/api';
import { MAX_OPEN } from '../../src/lib/node/limits';
import { startNode } from '../../src/lib/node/node';
import type { Proofs } from '../../src/lib/proofs/port';
import { createMemoryDisk, type MemoryDisk } from '../../src/lib/storage/memoryDisk';
import { openMemoryNodeSlot } from '../../src/lib/storage/memoryNodeSlot';
import { openMemoryWallet } from '../../src/lib/storage/memoryWallet';
import type { ChainStore, NodeSlot, Wallet } from '../../src/lib/storage/port';
import { encodeFrame } from '../../src/lib/wire/frame';
import { fakeProofs, fakeRollKey, noStatistics, type FakeProofStatistics } from './fakeProofs';
import { InstantMiner } from './instantMiner';
import { instantWork, LedgerHarness, type MinedBlock } from './ledgerHarness';
import { RawPeer } from './rawPeer';
import { Tab } from './tab';
import { tapNetwork, Transcript } from './tapNetwork';
import { Turns } from './turns';

/** What makes a profile the organiser of a cluster's election. */
export const ORGANISER_SECRET = new Uint8Array(32).fill(7);

/** As the page configures its network. */
const REFUSAL = encodeFrame({ type: 'bye', code: 'too-many-peers' });

export interface ClusterOptions {
	readonly voters?: number;
	readonly changes?: Partial<Election>;
	/** Who may vote how; `issued` unless told. With `enrolment`, the organiser is {@link Cluster.makeOrganiser}'s. */
	readonly eligibility?: Election['eligibility'];
	readonly faults?: MemoryFaults;
	readonly seed?: number;
	/**
	 * Blocks take a random time up to this, less than the second after which a node renews its template; none unless told.
	 * Where several nodes mine by themselves they need some, or they find every block at once and tie for ever.
	 */
	readonly maxMiningMs?: number;
	/** Whether nodes choose by chance, as the seed has it; unless told, their dice always show a half. */
	readonly chance?: boolean;
}

export interface ClusterNodeOptions {
	/** A new one unless told. */
	readonly disk?: MemoryDisk;
	/** Whether it mines by itself from the start; not unless told, so that tests decide who mines what. */
	readonly mining?: boolean;
	/** Links that its network lets it have. */
	readonly maxConnections?: number;
	/** Whether it looks for others by the election's seats; not unless told, so that tests decide who is linked. */
	readonly rendezvous?: boolean;
	/** Stands in for the fake proofs. */
	readonly proofs?: (proofs: Proofs) => Proofs;
	/** Stands between the node and the network, to break what it says. */
	readonly network?: (network: Network) => Network;
	/** Stands between the node and its disk, to see or break what it writes. */
	readonly store?: (store: ChainStore) => ChainStore;
	/** How long it takes for a block, asked anew for each template; up to the cluster's `maxMiningMs` unless told. */
	readonly miningMs?: () => number;
	/** How far its clock is ahead of the cluster's; not at all unless told. */
	readonly clockOffsetMs?: number;
	/** Its source of chance; the middle unless told, or as the cluster has it. */
	readonly random?: () => number;
	/** Whether what it says is written down; it is unless told otherwise, because that takes memory without end. */
	readonly tapped?: boolean;
}

/** A node and everything around it that a test wants to see or break. */
export interface ClusterNode {
	readonly node: PollenNode;
	readonly disk: MemoryDisk;
	readonly slot: NodeSlot;
	readonly network: Network;
	readonly miner: InstantMiner;
	readonly statistics: FakeProofStatistics;
	readonly sent: Transcript;
	readonly tab: Tab;
	readonly wallet: Wallet;
	/** Known once the node is registered with the signalling server. */
	readonly id: PeerId;
}

/** A voter of a cluster's election. */
export interface ClusterVoter {
	readonly voterId: string;
	readonly code: string;
}

/** Real nodes of one election on a memory network, with one clock that stands still until a test moves it. */
export class Cluster {
	readonly voters: readonly ClusterVoter[];
	readonly harness: LedgerHarness;
	readonly turns: Turns;
	readonly hub: MemoryHub;
	readonly nodes: ClusterNode[] = [];
	#nextNonce = 0n;
	readonly #maxMiningMs: number;
	readonly #chance: boolean;
	#dice: number;

	constructor({
		voters = 12,
		changes = {},
		eligibility = 'issued',
		faults,
		seed = 1,
		maxMiningMs = 0,
		chance = false
	}: ClusterOptions = {}) {
		this.#maxMiningMs = maxMiningMs;
		this.#chance = chance;
		this.#dice = seed;
		this.voters = Array.from({ length: voters }, (_, index) => voterOf(index));
		const roll = this.voters.map(({ voterId, code }) => ({ voterId, key: fakeRollKey(eligibility, code) }));
		const organiser = publicKeyOf(organiserKeyOf(ORGANISER_SECRET));
		this.harness = new LedgerHarness({ voters, changes: { eligibility, roll, organiser, ...changes } });
		this.turns = new Turns(this.harness.clock);
		this.hub = createMemoryHub({ clock: this.turns, seed, ...(faults && { faults }) });
	}

	get now(): number {
		return this.harness.clock.now();
	}

	voter(index: number): ClusterVoter {
		const voter = this.voters[index];
		if (!voter) throw new RangeError(`no voter ${index}`);
		return voter;
	}

	/** Starts a node. On a network without delays it is registered when this resolves. */
	async start({
		disk = createMemoryDisk(),
		mining = false,
		maxConnections = MAX_OPEN,
		rendezvous = false,
		proofs = (fake) => fake,
		network: breaking = (whole) => whole,
		store: between = (store) => store,
		miningMs = () => Math.floor(this.#roll() * this.#maxMiningMs),
		clockOffsetMs = 0,
		random,
		tapped = true
	}: ClusterNodeOptions = {}): Promise<ClusterNode> {
		const { election, electionId, proofContext } = this.harness;
		const tab = new Tab(this.harness.clock, clockOffsetMs);
		const slot = openMemoryNodeSlot(disk);
		const wallet = openMemoryWallet(disk);
		const sent = new Transcript();
		const whole = tab.network(breaking(this.hub.network({ maxConnections, refusal: REFUSAL })));
		const network = tapped ? tapNetwork(whole, sent) : whole;
		const miner = new InstantMiner(this.turns, miningMs);
		const statistics = noStatistics();
		const node = await startNode({
			election,
			electionId,
			slot,
			store: between(slot.openChain(electionId)),
			wallet,
			network,
			proofs: proofs(fakeProofs(statistics)(proofContext)),
			miner,
			workHash: instantWork,
			clock: tab,
			random: random ?? (() => (this.#chance ? this.#roll() : 0.5)),
			// Every search starts elsewhere, so that two nodes never find the same block.
			rendezvous,
			randomNonce: () => (this.#nextNonce += 1n << 32n),
			// Unlike for every call, which is all that a test needs of chance.
			randomBytes: (length) => Uint8Array.from({ length }, () => Math.floor(this.#roll() * 256))
		});
		node.setMining(mining);
		await this.settle();
		const started: ClusterNode = {
			node,
			disk,
			slot,
			network,
			miner,
			statistics,
			sent,
			tab,
			wallet,
			get id() {
				return network.peerId as PeerId;
			}
		};
		this.nodes.push(started);
		return started;
	}

	/** Starts so many nodes, each linked to the one before. */
	async startLine(count: number): Promise<ClusterNode[]> {
		const line: ClusterNode[] = [];
		for (let i = 0; i < count; i++) {
			const next = await this.start();
			const last = line.at(-1);
			if (last) await this.link(last, next);
			line.push(next);
		}
		return line;
	}

	/** Closes the tab as a user does, and opens it again: same disk, new peer ID. */
	async restart(old: ClusterNode, options: Omit<ClusterNodeOptions, 'disk'> = {}): Promise<ClusterNode> {
		await old.node.stop();
		await this.settle();
		return await this.start({ ...options, disk: old.disk });
	}

	/** The tab dies without a word: whatever is not on its disk is gone. */
	crash(victim: ClusterNode): void {
		victim.tab.die();
		this.hub.crash(victim.id);
		victim.slot.close();
		victim.wallet.close();
		victim.miner.close();
	}

	/** Until nothing happens any more without time passing. */
	settle(): Promise<void> {
		return this.turns.settle();
	}

	advance(ms: number): Promise<void> {
		return this.turns.advance(ms);
	}

	/** Awaits something that needs turns of the network, but no time. */
	async done<T>(promise: Promise<T>): Promise<T> {
		const outcome = promise.then(
			(value) => ({ value }),
			(error: unknown) => ({ error })
		);
		await this.settle();
		const result = await Promise.race([outcome, Promise.resolve(undefined)]);
		if (!result) throw new Error('still waiting after everything came to rest');
		if ('error' in result) throw result.error;
		return result.value;
	}

	/** The code with which a promise is rejected, once `ms` have passed; undefined when it is not rejected. */
	async refusal(promise: Promise<unknown>, ms = 0): Promise<ErrorCode | undefined> {
		let code: ErrorCode | undefined;
		promise.catch((error: unknown) => (code = errorCode(error, 'aborted')));
		await this.advance(ms);
		await this.settle();
		return code;
	}

	async link(a: ClusterNode, b: ClusterNode): Promise<void> {
		await this.done(a.node.link(b.id));
	}

	/** Gives this node's profile the organiser's secret. */
	async makeOrganiser({ disk }: ClusterNode): Promise<void> {
		const { electionId, election } = this.harness;
		const wallet = openMemoryWallet(disk);
		await wallet.saveOrganiser(
			{ electionId, secret: ORGANISER_SECRET, contacts: [], createdAt: this.now },
			{ electionId, title: election.title, definition: encodeElection(election), openedAt: this.now }
		);
		wallet.close();
	}

	/** Enrols voter `index` on a node, and lets that spread. */
	async enrol(at: ClusterNode, index: number): Promise<void> {
		await this.done(at.node.enrol(this.voter(index)));
	}

	/** A valid ballot of voter `index` that no node knows. */
	async ballot(index: number, choices: readonly number[] = [index % 3]): Promise<Ballot> {
		const { proofs, electionId, election } = this.harness;
		const group = election.roll.map(({ key }) => key as Hash);
		const message = ballotMessage(electionId, choices);
		const { nullifier, proof } = await proofs.prove(credentialKeyOf(this.voter(index).code), group, message);
		return { kind: 'ballot', nullifier, choices, proof };
	}

	/** Casts voter `index`'s ballot on a node, and lets it spread. */
	async vote(at: ClusterNode, index: number, choices: readonly number[] = [index % 3]) {
		return await this.done(at.node.vote({ ...this.voter(index), choices }));
	}

	/** One block on this node, spread to all it is linked to. */
	async mine(at: ClusterNode): Promise<{ height: number; hash: Hash } | null> {
		await this.advance(this.harness.election.blockInterval);
		return await this.done(at.node.mine());
	}

	/** A disk that holds these blocks and was closed properly. */
	async diskWith(blocks: readonly MinedBlock[]): Promise<MemoryDisk> {
		const disk = createMemoryDisk();
		const store = openMemoryNodeSlot(disk).openChain(this.harness.electionId);
		const tip = blocks.at(-1);
		await store.saveDefinition(encodeElection(this.harness.election));
		await store.commit(
			{
				putBlocks: blocks.map(({ hash, block }, index) => ({
					hash,
					height: block.header.height,
					bytes: encodeBlock(block),
					arrival: index + 1,
					valid: true
				})),
				...(tip && { tip: tip.hash })
			},
			'strict'
		);
		return disk;
	}

	/** The next of a fixed series of numbers in [0, 1): the generator of the C standard's example, 7.22.2.2. */
	#roll(): number {
		this.#dice = (Math.imul(this.#dice, 1_103_515_245) + 12_345) & 0x7fff_ffff;
		return this.#dice / 0x8000_0000;
	}

	/** A peer that says what the test makes it say. */
	async raw(): Promise<RawPeer> {
		const peer = new RawPeer(this.hub.network(), this.turns, this.harness.electionId);
		await this.settle();
		return peer;
	}
}

/** Peers that a node is linked to. */
export function linkedPeers({ node }: ClusterNode): PeerId[] {
	return node
		.snapshot()
		.peers.filter(({ state }) => state === 'linked')
		.map(({ peerId }) => peerId);
}

/** What nodes must agree on. */
export function agreement({ node }: ClusterNode) {
	const { height, tip, work, pending } = node.snapshot();
	return { height, tip, work, pending: pending.map(({ id }) => id).toSorted(), results: node.results() };
}

/** Its code is well formed, so that the node itself sees nothing odd. */
function voterOf(index: number): ClusterVoter {
	const random = new Uint8Array(16);
	new DataView(random.buffer).setUint32(0, index + 1);
	return { voterId: `VOTER${index}`, code: codeFromBytes(random) };
}
