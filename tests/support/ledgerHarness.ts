import type { BlockHash, ElectionId, TransactionId } from '../../src/lib/bytes/hash';
import { sha256Hash } from '../../src/lib/bytes/sha256';
import { nextTarget } from '../../src/lib/chain/difficulty';
import { encodeHeader, type Header } from '../../src/lib/chain/header';
import type { ChainEntry } from '../../src/lib/chain/tree';
import { meetsTarget, setNonce } from '../../src/lib/chain/work';
import { ManualClock } from '../../src/lib/clock/manualClock';
import { credentialKeyOf } from '../../src/lib/election/codeKeys';
import { ballotMessage } from '../../src/lib/election/ballotMessage';
import { transactionsRoot, type Block } from '../../src/lib/election/block';
import type { Election } from '../../src/lib/election/definition';
import { electionIdOf, genesisBlock } from '../../src/lib/election/genesis';
import { proofDepthFor } from '../../src/lib/election/proofDepth';
import { CHECKED_BEFORE } from '../../src/lib/election/rules/evidence';
import { ElectionState } from '../../src/lib/election/state';
import type { Ballot, Transaction } from '../../src/lib/election/transaction';
import { PollenError, type ErrorCode } from '../../src/lib/errors/pollenError';
import type { WorkHash } from '../../src/lib/mining/port';
import type { TipChange } from '../../src/lib/node/activate';
import { Ledger } from '../../src/lib/node/ledger';
import type { Proofs, ProofContext, ProofVerifier } from '../../src/lib/proofs/port';
import { createMemoryDisk, type MemoryDisk } from '../../src/lib/storage/memoryDisk';
import { openMemoryNodeSlot } from '../../src/lib/storage/memoryNodeSlot';
import type { ChainChange, ChainStore, Durability, NodeSlot } from '../../src/lib/storage/port';
import { fakeCommitment, fakeProofs, noStatistics, type FakeProofStatistics } from './fakeProofs';

/** A work function that costs nothing. With an initial difficulty of 1 almost every nonce will do. */
export const instantWork: WorkHash = (header) => Promise.resolve(sha256Hash(header));

/** Blocks of the harness stand at `height * blockInterval`; no test mines so many that this is in their past. */
export const START_MS = 1_000_000_000;

/** A place on a chain to mine on: a block of the harness, or an entry of a ledger's tree. */
export interface ChainPoint {
	readonly hash: BlockHash;
	readonly header: Header;
	/** Undefined only for the genesis. */
	readonly parent: ChainPoint | undefined;
}

export interface MinedBlock extends ChainPoint {
	readonly block: Block;
	readonly parent: ChainPoint;
}

export interface HarnessOptions {
	/** How many voters stand on the roll; 5 unless told. */
	readonly voters?: number;
	readonly changes?: Partial<Election>;
}

export interface OpenOptions {
	/** A new one unless told. */
	readonly disk?: MemoryDisk;
	/** That of the harness unless told. */
	readonly clock?: ManualClock;
	/** A fake one that counts in `statistics` unless told. */
	readonly verifier?: ProofVerifier;
	readonly workHash?: WorkHash;
}

/** A ledger and everything a test wants to see of it. */
export interface OpenLedger {
	readonly ledger: Ledger;
	readonly disk: MemoryDisk;
	readonly clock: ManualClock;
	/** Closing it is what closing the tab does: everything in memory is gone, the disk stays. */
	readonly slot: NodeSlot;
	readonly statistics: FakeProofStatistics;
	/** What the ledger announced and wrote since it was opened, oldest first. */
	readonly tipChanges: TipChange[];
	readonly admitted: TransactionId[];
	readonly storageEvents: ('storage-full' | 'storage-failed' | undefined)[];
	readonly commits: { readonly change: ChainChange; readonly durability: Durability }[];
}

/** An election whose credentials are fake and whose blocks are mined at once, and ledgers that hold it. */
export class LedgerHarness {
	readonly election: Election;
	readonly electionId: ElectionId;
	readonly genesis: ChainPoint;
	readonly clock = new ManualClock(START_MS);
	/** For making ballots. Ledgers have verifiers of their own. */
	readonly proofs: Proofs;
	/** Every block starts its search here, so that two blocks are never the same. */
	#nextNonce = 1n;

	constructor({ voters = 5, changes = {} }: HarnessOptions = {}) {
		this.election = {
			version: 1,
			title: 'Harness',
			description: '',
			contests: [{ title: 'Colour', options: ['Red', 'Green', 'Blue'] }],
			eligibility: 'issued',
			roll: Array.from({ length: voters }, (_, voter) => ({
				voterId: `V${voter}`,
				key: fakeCommitment(credentialKeyOf(codeOf(voter)))
			})),
			organiser: null,
			opensAt: null,
			closesAt: null,
			blockInterval: 1_000,
			initialDifficulty: 1,
			proofDepth: proofDepthFor(voters) ?? 20,
			...changes
		};
		this.electionId = electionIdOf(this.election);
		this.genesis = { hash: this.electionId, header: genesisBlock(this.election).header, parent: undefined };
		this.proofs = fakeProofs()(this.proofContext);
	}

	get proofContext(): ProofContext {
		return { scope: this.electionId, depth: this.election.proofDepth };
	}

	/** A valid ballot of the voter with this index on the roll. */
	async ballot(voter: number, choices: readonly number[] = [0]): Promise<Ballot> {
		const group = this.election.roll.map(({ key }) => key as BlockHash);
		const message = ballotMessage(this.electionId, choices);
		const { nullifier, proof } = await this.proofs.prove(credentialKeyOf(codeOf(voter)), group, message);
		return { kind: 'ballot', nullifier, choices, proof };
	}

	/** Ballots of the first `count` voters; each chooses option `index % 3`. */
	ballots(count: number): Promise<Ballot[]> {
		return Promise.all(Array.from({ length: count }, (_, voter) => this.ballot(voter, [voter % 3])));
	}

	/**
	 * A block on `parent`: valid, but for what `changes` makes of its header. Work is found for the changed header, unless
	 * the nonce is among the changes.
	 */
	mine(
		parent: ChainPoint = this.genesis,
		transactions: readonly Transaction[] = [],
		changes: Partial<Header> = {}
	): MinedBlock {
		const header: Header = {
			nonce: this.#nextNonce,
			version: 1,
			height: parent.header.height + 1,
			previousHash: parent.hash,
			merkleRoot: transactionsRoot(transactions),
			timestamp: parent.header.timestamp + this.election.blockInterval,
			target: nextTarget(this.election, parent.header, parent.parent?.header),
			...changes
		};
		const encoded = encodeHeader(header);
		let { nonce } = header;
		let hash = sha256Hash(encoded);
		while (changes.nonce === undefined && !meetsTarget(hash, header.target)) {
			setNonce(encoded, ++nonce);
			hash = sha256Hash(encoded);
		}
		if (changes.nonce === undefined) this.#nextNonce = nonce + 1n;
		const mined = { ...header, nonce };
		return { hash, header: mined, parent, block: { header: mined, transactions } };
	}

	/** `length` blocks on `parent`, upwards; the one at index i carries `ballots[i]`, if there is such a ballot. */
	mineChain(parent: ChainPoint, length: number, ballots: readonly Transaction[] = []): MinedBlock[] {
		const chain: MinedBlock[] = [];
		for (let index = 0; index < length; index++) {
			const ballot = ballots[index];
			chain.push(this.mine(chain.at(-1) ?? parent, ballot ? [ballot] : []));
		}
		return chain;
	}

	/** Opens a ledger as a tab does; on a disk that was used before, this is a restart. `resume` is the caller's. */
	async open({ disk = createMemoryDisk(), clock = this.clock, ...options }: OpenOptions = {}): Promise<OpenLedger> {
		const slot = openMemoryNodeSlot(disk);
		const statistics = noStatistics();
		const tipChanges: TipChange[] = [];
		const admitted: TransactionId[] = [];
		const storageEvents: OpenLedger['storageEvents'] = [];
		const commits: { change: ChainChange; durability: Durability }[] = [];
		const ledger = await Ledger.open(
			{
				election: this.election,
				electionId: this.electionId,
				store: recordCommits(slot.openChain(this.electionId), (change, durability) => {
					commits.push({ change, durability });
				}),
				verifier: options.verifier ?? fakeProofs(statistics)(this.proofContext),
				workHash: options.workHash ?? instantWork,
				clock
			},
			{
				tipChanged: (change) => tipChanges.push(change),
				admitted: (ids) => admitted.push(...ids),
				closingHeard: () => undefined,
				storage: (error) => storageEvents.push(error)
			}
		);
		return { ledger, disk, clock, slot, statistics, tipChanges, admitted, storageEvents, commits };
	}

	/** The state of the chain up to `tip`, by connecting one block after the other. */
	replay(tip: ChainPoint): ElectionState {
		const chain: MinedBlock[] = [];
		for (let point = tip; isMined(point); point = point.parent) chain.unshift(point);
		const state = new ElectionState(this.election, this.electionId);
		for (const { block, hash } of chain) state.connectBlock(block, hash, CHECKED_BEFORE);
		return state;
	}

	/** What a ledger comes to that starts from this disk as it is now, and takes up what is left to do. */
	async afterRestart(disk: MemoryDisk): Promise<ReturnType<typeof stateOf>> {
		const { ledger } = await this.open({ disk: copyDisk(disk) });
		await ledger.resume();
		return stateOf(ledger);
	}

	/** A ledger that holds these blocks, added one by one. */
	async openWith(blocks: readonly MinedBlock[], options: OpenOptions = {}): Promise<OpenLedger> {
		const opened = await this.open(options);
		await addAll(opened.ledger, blocks);
		return opened;
	}
}

/** The voting code of the voter with this index. It means something to the fake credentials only. */
export function codeOf(voter: number): string {
	return `CODE${voter}`;
}

export async function addAll(ledger: Ledger, blocks: readonly MinedBlock[]): Promise<void> {
	for (const { block } of blocks) await ledger.addBlock(block);
}

/** Keeps headers, in whatever order but parents first, until one is refused; then rejects with its code. */
export async function addHeaders(ledger: Ledger, headers: readonly Header[]): Promise<ChainEntry[]> {
	const entries: ChainEntry[] = [];
	for (const header of headers) {
		const run = await ledger.checkHeaders([header]);
		if (run.refused) throw run.refused.reason;
		entries.push((await ledger.keepHeaders(run)) as ChainEntry);
	}
	return entries;
}

function isMined(point: ChainPoint): point is MinedBlock {
	return 'block' in point;
}

/** The code with which a promise is refused; undefined when it is not. */
export async function refusalOf(promise: Promise<unknown>): Promise<ErrorCode | undefined> {
	try {
		await promise;
		return undefined;
	} catch (error) {
		if (error instanceof PollenError) return error.code;
		throw error;
	}
}

/** What the ledger holds to be true, as a plain value: equal when two ledgers agree on everything. */
export function stateOf({ core }: Ledger) {
	return {
		tip: core.tip.hash,
		height: core.tip.header.height,
		work: core.tip.work,
		digest: core.state.digest(),
		votes: core.state.votes.map((options) => [...options]),
		pending: core.mempool.all().map(({ id }) => id)
	};
}

/** A deep copy of everything on a disk, to compare with later. */
export function diskImage({ elections, settings, wallet }: MemoryDisk) {
	return structuredClone({ elections, settings, wallet });
}

/** A disk of its own with the same content: what is left when a tab dies at this moment. */
export function copyDisk(disk: MemoryDisk): MemoryDisk {
	return { ...diskImage(disk), beforePut: undefined };
}

/** Every write from the `after`-th on fails as the browser makes it fail; returns the undoing. */
export function failWrites(disk: MemoryDisk, errorName = 'QuotaExceededError', after = 0): () => void {
	let passed = 0;
	disk.beforePut = () => {
		if (passed++ >= after) throw new DOMException('Injected fault.', errorName);
	};
	return () => (disk.beforePut = undefined);
}

/** The store, telling of each commit that succeeded. */
function recordCommits(store: ChainStore, onCommit: (change: ChainChange, durability: Durability) => void): ChainStore {
	return {
		loadDefinition: () => store.loadDefinition(),
		saveDefinition: (definition) => store.saveDefinition(definition),
		loadChain: () => store.loadChain(),
		loadBlock: (hash) => store.loadBlock(hash),
		loadTransactions: () => store.loadTransactions(),
		async commit(change, durability) {
			await store.commit(change, durability);
			onCommit(change, durability);
		},
		loadPeers: () => store.loadPeers(),
		savePeers: (peerIds) => store.savePeers(peerIds),
		clear: () => store.clear(),
		close: () => store.close()
	};
}
