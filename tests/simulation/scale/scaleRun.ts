import { Cluster, linkedPeers, type ClusterNode } from '../../support/cluster';
import { START_MS } from '../../support/ledgerHarness';
import { Random } from '../random';
import { SharedBlocks } from './sharedBlocks';
import { SharedVerdicts } from './sharedVerdicts';
import { Spread } from './spread';
import { Traffic } from './traffic';

export interface ScaleOptions {
	readonly seed: number;
	readonly nodes: number;
	readonly ballots: number;
	/** Virtual time. */
	readonly ballotsPerSecond: number;
	/** `found`: nodes know the election and nothing else. `given`: each is told of a few others. */
	readonly mesh: 'found' | 'given';
	/** No more ballots are cast once it fires; those that were are waited for and reported on. */
	readonly signal?: AbortSignal;
	onProgress(stage: 'nodes' | 'ballots', done: number, total: number, remark: string): void;
}

export interface ScaleReport {
	readonly links: { readonly fewest: number; readonly mean: number; readonly most: number; readonly reachable: number };
	readonly ballots: Spread;
	readonly blocks: Spread;
	/** Ballots that were cast. */
	readonly cast: number;
	/** From the first ballot until all nodes had all ballots. */
	readonly traffic: Traffic;
	/** Since then until now, virtual. */
	readonly virtualMs: number;
	readonly realMs: number;
	readonly peakBytes: number;
}

const MINERS = 5;
const BLOCK_INTERVAL_MS = 5_000;
const DELAY_MS = { minDelayMs: 20, maxDelayMs: 200 };
const JOIN_EVERY_MS = 100;
const GIVEN_PEERS = 3;
/** For links to form, by gossip as well, before the first ballot. */
const FORMING_MS = 90_000;
const STEP_MS = 1_000;
/** Nobody may need longer after the last ballot was cast. */
const LIMIT_MS = 600_000;

/** Many nodes in one process, ballots cast all over, and how fast everybody has them. */
export async function runAtScale(options: ScaleOptions): Promise<ScaleReport> {
	return await new ScaleRun(options).run();
}

class ScaleRun {
	readonly #random: Random;
	readonly #cluster: Cluster;
	readonly #ballots: Spread;
	readonly #blocks: Spread;
	readonly #verdicts = new SharedVerdicts();
	readonly #store = new SharedBlocks();
	readonly #nodes: ClusterNode[] = [];
	readonly #traffic = new Traffic();
	#cast = 0;
	#peakBytes = 0;

	constructor(private readonly options: ScaleOptions) {
		this.#random = new Random(options.seed);
		this.#cluster = new Cluster({
			voters: options.ballots,
			seed: options.seed,
			faults: DELAY_MS,
			changes: { blockInterval: BLOCK_INTERVAL_MS }
		});
		this.#ballots = new Spread(options.nodes);
		this.#blocks = new Spread(options.nodes);
	}

	async run(): Promise<ScaleReport> {
		const startedAt = performance.now();
		for (let index = 0; index < this.options.nodes; index++) {
			await this.#join(index);
			this.#progress('nodes', index + 1, this.options.nodes);
		}
		await this.#advance(FORMING_MS);
		const links = this.#links();
		this.#traffic.reset();
		const from = this.#cluster.now;
		await this.#castAll();
		await this.#untilAllHaveAll();
		return {
			links,
			ballots: this.#ballots,
			blocks: this.#blocks,
			cast: this.#cast,
			traffic: this.#traffic,
			virtualMs: this.#cluster.now - from,
			realMs: performance.now() - startedAt,
			peakBytes: this.#peakBytes
		};
	}

	async #join(index: number): Promise<void> {
		const random = new Random(this.options.seed * 10_000 + index);
		const node = await this.#cluster.start({
			mining: index < MINERS,
			rendezvous: this.options.mesh === 'found',
			tapped: false,
			random: random.next,
			// Without memory, as real mining is: how long the search took already does not matter.
			miningMs: () =>
				Math.round(-Math.log(1 - random.next()) * BLOCK_INTERVAL_MS * Math.min(MINERS, this.options.nodes)),
			proofs: (proofs) => this.#verdicts.share(proofs),
			network: (network) => this.#traffic.count(network),
			store: (store) =>
				this.#store.store(store, {
					ballot: (id) => this.#ballots.note(id, index, this.#cluster.now),
					block: (hash) => this.#blocks.note(hash, index, this.#cluster.now)
				})
		});
		if (this.options.mesh === 'given') this.#tellOfOthers(node);
		this.#nodes.push(node);
		await this.#advance(JOIN_EVERY_MS);
	}

	/** Of random ones that joined earlier; gossip may add to that. */
	#tellOfOthers(node: ClusterNode): void {
		for (let told = 0; told < Math.min(GIVEN_PEERS, this.#nodes.length); told++) {
			node.node.link(this.#random.pick(this.#nodes).id).catch(() => undefined);
		}
	}

	async #castAll(): Promise<void> {
		const everyMs = 1_000 / this.options.ballotsPerSecond;
		const from = this.#cluster.now;
		const { ballots, signal } = this.options;
		for (let voter = 0; voter < ballots && !signal?.aborted; voter++) {
			await this.#advance(Math.floor(from + voter * everyMs) - this.#cluster.now);
			const { node } = this.#random.pick(this.#nodes);
			await node.vote({ ...this.#cluster.voter(voter), choices: [this.#random.below(3)] });
			this.#cast += 1;
			this.#progress('ballots', this.#ballots.complete, this.options.ballots);
		}
	}

	async #untilAllHaveAll(): Promise<void> {
		const until = this.#cluster.now + LIMIT_MS;
		while (this.#ballots.complete < this.#cast && this.#cluster.now < until) {
			await this.#advance(STEP_MS);
			this.#progress('ballots', this.#ballots.complete, this.options.ballots);
		}
	}

	#links(): ScaleReport['links'] {
		const byId = new Map(this.#nodes.map((node) => [node.id, linkedPeers(node)]));
		const counts = [...byId.values()].map(({ length }) => length);
		const reached = new Set(this.#nodes.slice(0, 1).map(({ id }) => id));
		for (const id of reached) for (const peer of byId.get(id) ?? []) reached.add(peer);
		return {
			fewest: Math.min(...counts),
			mean: counts.reduce((sum, count) => sum + count, 0) / counts.length,
			most: Math.max(...counts),
			reachable: reached.size
		};
	}

	async #advance(ms: number): Promise<void> {
		if (ms > 0) await this.#cluster.advance(ms);
	}

	#progress(stage: 'nodes' | 'ballots', done: number, total: number): void {
		const { rss } = process.memoryUsage();
		this.#peakBytes = Math.max(this.#peakBytes, rss);
		const virtual = ((this.#cluster.now - START_MS) / 1_000).toFixed(0);
		this.options.onProgress(stage, done, total, `at ${virtual} s of virtual time, ${(rss / 2 ** 30).toFixed(1)} GiB`);
	}
}
