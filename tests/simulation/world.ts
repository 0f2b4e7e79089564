import type { Nullifier } from '../../src/lib/bytes/hash';
import { errorCode, type ErrorCode } from '../../src/lib/errors/pollenError';
import { Cluster, linkedPeers, type ClusterNode } from '../support/cluster';
import { failWrites } from '../support/ledgerHarness';
import { Random } from './random';

export interface WorldOptions {
	readonly seed: number;
	readonly nodes: number;
	/** Things that happen before all faults end. */
	readonly steps: number;
}

/** A run that broke a promise. The seed replays it exactly. */
export class BrokenPromise extends Error {
	constructor(seed: number, message: string, log: readonly string[]) {
		super(`seed ${seed}: ${message}\n${log.join('\n')}`);
	}
}

export interface WorldReport {
	readonly seed: number;
	readonly ballots: number;
	readonly refusals: ReadonlyMap<ErrorCode, number>;
	/** Virtual time from the end of all faults until every node was on one tip and at rest, ms. */
	readonly healedAfterMs: number;
}

interface Seat {
	/** The node that lives here now; a crash puts another in its place, on the same disk. */
	node: ClusterNode;
	/** Whether its tip was final, and the tip's work: neither may ever fall. */
	rank: { isClosed: boolean; work: bigint };
	repair: (() => void) | undefined;
}

const VOTERS = 8;
/** Nobody may need longer to agree once the network is whole again. */
const HEALING_LIMIT_MS = 3_600_000;
const HEALING_STEP_MS = 10_000;

/**
 * Real nodes on a virtual clock, with a network, disks and miners that fail as the seed has it: delays, partitions, lost links,
 * crashes at any moment, writes that fail, two ballots of one credential, openings and closings in the middle of all that.
 */
export class World {
	readonly #options: WorldOptions;
	readonly #random: Random;
	readonly #cluster: Cluster;
	readonly #seats: Seat[] = [];
	readonly #log: string[] = [];
	/** Ballots that a node said it accepted. */
	readonly #accepted = new Set<Nullifier>();
	readonly #refusals = new Map<ErrorCode, number>();
	#isParted = false;

	constructor(options: WorldOptions) {
		this.#options = options;
		this.#random = new Random(options.seed);
		this.#cluster = new Cluster({
			voters: VOTERS,
			eligibility: this.#random.next() < 0.5 ? 'issued' : 'enrolment',
			seed: options.seed,
			faults: { minDelayMs: 1, maxDelayMs: 1 + this.#random.below(500) },
			maxMiningMs: 4_000
		});
	}

	/** Rejects with {@link BrokenPromise}. */
	async run(): Promise<WorldReport> {
		for (let index = 0; index < this.#options.nodes; index++) await this.#addNode();
		await this.#cluster.makeOrganiser(this.#seatOf(0).node);
		for (let step = 0; step < this.#options.steps; step++) {
			await this.#act();
			await this.#advance(this.#random.below(8_000));
		}
		this.#heal();
		const healedAfterMs = await this.#untilAgreed();
		await this.#checkEnd();
		const ballots = this.#seatOf(0).node.node.results().ballots;
		for (const { node } of this.#seats) await node.node.stop();
		return { seed: this.#options.seed, ballots, refusals: this.#refusals, healedAfterMs };
	}

	async #addNode(): Promise<void> {
		const node = await this.#cluster.start({ mining: true, rendezvous: true });
		this.#seats.push({ node, rank: rankOf(node), repair: undefined });
		await this.#advance(2_000);
	}

	async #act(): Promise<void> {
		const roll = this.#random.next();
		if (roll < 0.55) return this.#takePart();
		if (roll < 0.57) return this.#tell('close', this.#seatOf(0).node.node.closePoll());
		if (roll < 0.7) return this.#part();
		if (roll < 0.83) return await this.#crash();
		if (roll < 0.92) return this.#dropLink();
		this.#breakDisk();
	}

	/** What people do in the phase that the organiser's node sees; now and then what belongs to another. */
	#takePart(): void {
		const organiser = this.#seatOf(0).node.node;
		const { phase, enrolled } = organiser.snapshot();
		const isEarly = phase === 'enrolment' && this.#random.next() < 0.9;
		if (!isEarly) return this.#vote();
		if (enrolled >= 4 && this.#random.next() < 0.5) return this.#tell('open', organiser.openPoll());
		this.#enrol();
	}

	/** Voters keep to one device, but for one in five ballots: those are second ones, cast elsewhere with other choices. */
	#vote(): void {
		const voter = this.#random.below(VOTERS);
		const home = voter % this.#seats.length;
		const at = this.#random.next() < 0.2 ? this.#random.below(this.#seats.length) : home;
		const vote = this.#seatOf(at).node.node.vote({ ...this.#cluster.voter(voter), choices: [this.#random.below(3)] });
		this.#tell(
			`voter ${voter} votes on ${at}`,
			vote.then(({ nullifier }) => void this.#accepted.add(nullifier))
		);
	}

	#enrol(): void {
		const voter = this.#random.below(VOTERS);
		const home = this.#seatOf(voter % this.#seats.length).node.node;
		this.#tell(`voter ${voter} enrols`, home.enrol(this.#cluster.voter(voter)));
	}

	#part(): void {
		if (this.#isParted) return this.#join();
		const island = this.#seats.filter(() => this.#random.next() < 0.5).map(({ node }) => node.id);
		this.#note(`partition of ${island.length}`);
		this.#cluster.hub.partition(island);
		this.#isParted = true;
	}

	#join(): void {
		this.#note('partition ends');
		this.#cluster.hub.heal();
		this.#isParted = false;
	}

	/** The tab dies without a word, and is opened again on what its disk holds at this moment. */
	async #crash(): Promise<void> {
		const index = this.#random.below(this.#seats.length);
		const seat = this.#seatOf(index);
		this.#note(`crash of ${index}`);
		this.#repair(seat);
		this.#cluster.crash(seat.node);
		seat.node = await this.#cluster.start({ disk: seat.node.disk, mining: true, rendezvous: true });
		this.#watch(seat);
	}

	#dropLink(): void {
		const { node } = this.#random.pick(this.#seats);
		const peers = linkedPeers(node);
		if (peers.length === 0) return;
		this.#note('a link is lost');
		this.#cluster.hub.dropLinks(node.id, this.#random.pick(peers));
	}

	#breakDisk(): void {
		const index = this.#random.below(this.#seats.length);
		const seat = this.#seatOf(index);
		if (seat.repair) return this.#repair(seat);
		this.#note(`disk of ${index} is full`);
		seat.repair = failWrites(seat.node.disk, 'QuotaExceededError', this.#random.below(4));
	}

	#repair(seat: Seat): void {
		seat.repair?.();
		seat.repair = undefined;
	}

	#heal(): void {
		if (this.#isParted) this.#join();
		for (const seat of this.#seats) this.#repair(seat);
		this.#note('all faults end');
	}

	async #untilAgreed(): Promise<number> {
		const from = this.#cluster.now;
		for (;;) {
			await this.#advance(HEALING_STEP_MS);
			const snapshots = this.#seats.map(({ node }) => node.node.snapshot());
			const isOne = new Set(snapshots.map(({ tip }) => tip)).size === 1;
			if (isOne && snapshots.every(({ mining, pending }) => !mining.active && pending.length === 0)) {
				return this.#cluster.now - from;
			}
			if (this.#cluster.now - from > HEALING_LIMIT_MS) {
				const tips = snapshots.map(({ height, work, peers, pending, closing, storageError }) => {
					const linked = peers.filter(({ state }) => state === 'linked').length;
					return `  height ${height}, work ${work}, ${linked} peers, ${pending.length} pending, closed ${closing !== undefined}, ${storageError}`;
				});
				throw this.#broken(`no agreement:\n${tips.join('\n')}`);
			}
		}
	}

	async #checkEnd(): Promise<void> {
		const [first] = this.#seats;
		const expected = JSON.stringify([first?.node.node.results(), first?.node.node.ballots()]);
		for (const [index, { node }] of this.#seats.entries()) {
			const { node: end } = node;
			if (JSON.stringify([end.results(), end.ballots()]) !== expected)
				throw this.#broken(`node ${index} counts otherwise`);
			const { valid, problems } = await end.verify();
			if (!valid) throw this.#broken(`the chain of node ${index} does not hold: ${JSON.stringify(problems)}`);
		}
		if (first?.node.node.snapshot().closing) return;
		const counted = new Set(first?.node.node.ballots().map(({ nullifier }) => nullifier));
		for (const nullifier of this.#accepted) {
			if (!counted.has(nullifier)) throw this.#broken(`a ballot that was accepted is missing: ${nullifier}`);
		}
	}

	async #advance(ms: number): Promise<void> {
		await this.#cluster.advance(ms);
		for (const seat of this.#seats) this.#watch(seat);
	}

	#watch(seat: Seat): void {
		const before = seat.rank;
		seat.rank = rankOf(seat.node);
		const fell = before.isClosed ? !seat.rank.isClosed : !seat.rank.isClosed && seat.rank.work < before.work;
		if (fell) throw this.#broken(`the tip of node ${this.#seats.indexOf(seat)} fell`);
	}

	/** Notes what is asked, and in the end how it went: nobody waits, because a partition can keep an answer for minutes. */
	#tell(what: string, outcome: Promise<unknown>): void {
		this.#note(what);
		outcome.catch((error: unknown) => {
			const code = errorCode(error, 'worker-failed');
			this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
			this.#note(`${what}: ${code}`);
		});
	}

	#note(what: string): void {
		this.#log.push(`${this.#cluster.now} ${what}`);
	}

	#broken(message: string): BrokenPromise {
		return new BrokenPromise(this.#options.seed, message, this.#log);
	}

	#seatOf(index: number): Seat {
		const seat = this.#seats[index];
		if (!seat) throw new RangeError(`no node ${index}`);
		return seat;
	}
}

function rankOf({ node }: ClusterNode): Seat['rank'] {
	const { closing, work } = node.snapshot();
	return { isClosed: closing !== undefined, work };
}
