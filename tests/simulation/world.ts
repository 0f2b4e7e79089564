import type { Nullifier } from '../../src/lib/bytes/hash';
import type { Ballot } from '../../src/lib/election/transaction';
import { errorCode, type ErrorCode } from '../../src/lib/errors/pollenError';
import { RESEND_MS } from '../../src/lib/node/limits';
import { Cluster, linkedPeers } from '../support/cluster';
import { BrokenPromise } from './brokenPromise';
import { MAX_SKEW_MS, WRONG_CLOCK_MS, type Fault } from './faults';
import { LIES, type Lie } from './lyingNetwork';
import { checkAccepted, checkChain, checkStep, isAtRest, outcomeOf } from './promises';
import { Random } from './random';
import { Seat } from './seat';

export interface WorldOptions {
	readonly seed: number;
	/** Honest nodes. */
	readonly nodes: number;
	/** Things that happen before all faults end. */
	readonly steps: number;
	readonly faults: ReadonlySet<Fault>;
}

export interface WorldReport {
	readonly seed: number;
	readonly ballots: number;
	readonly refusals: ReadonlyMap<ErrorCode, number>;
	/** Virtual time from the end of all faults until every node was on one tip and at rest, ms. */
	readonly healedAfterMs: number;
}

const VOTERS = 8;
/** Shares of the runs in which one or two nodes lie, and in which an honest node's clock is wrong. */
const RUNS_WITH_LIARS = 0.35;
const RUNS_WITH_WRONG_CLOCK = 0.2;
/** Nobody may need longer to agree once the network is whole again. */
const HEALING_LIMIT_MS = 3_600_000;
const RENEWAL_MS = 2 * RESEND_MS;
const HEALING_STEP_MS = 10_000;

/**
 * Real nodes on a virtual clock, with networks, disks, clocks, miners and neighbours that fail as the seed has it. It has what
 * happens; what must hold is in promises.ts.
 */
export class World {
	readonly #options: WorldOptions;
	readonly #random: Random;
	readonly #cluster: Cluster;
	readonly #honest: Seat[] = [];
	readonly #liars: Seat[] = [];
	readonly #log: string[] = [];
	/** Ballots that an honest node said it accepted, and whose they are. */
	readonly #accepted = new Map<Nullifier, string>();
	readonly #refusals = new Map<ErrorCode, number>();
	/** Second ballots, for nodes that vote twice. */
	readonly #others = new Map<Nullifier, Ballot>();
	/** The honest node whose clock is wrong by minutes, if there is one. */
	#late: Seat | undefined;
	#isParted = false;
	#areMessagesBad: boolean;

	constructor(options: WorldOptions) {
		this.#options = options;
		this.#random = new Random(options.seed);
		this.#areMessagesBad = options.faults.has('messages');
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
		await this.#begin();
		for (let step = 0; step < this.#options.steps; step++) {
			await this.#act();
			await this.#advance(this.#random.below(8_000));
		}
		await this.#heal();
		let healedAfterMs = await this.#untilAgreed(this.#honest.filter((seat) => seat !== this.#late));
		if (this.#late) {
			this.#note(`the clock of ${this.#late.index} is set right`);
			this.#late.setClock(0);
			healedAfterMs += await this.#untilAgreed(this.#honest);
		}
		// Tabs that find their ballots proved for a group that is no more prove them anew.
		await this.#advance(RENEWAL_MS);
		await this.#untilAgreed(this.#honest);
		await this.#checkEnd();
		const ballots = this.#seat(0).node.node.results().ballots;
		for (const { node } of [...this.#honest, ...this.#liars]) await node.node.stop();
		return { seed: this.#options.seed, ballots, refusals: this.#refusals, healedAfterMs };
	}

	async #begin(): Promise<void> {
		const { nodes, faults } = this.#options;
		const hasWrongClock = faults.has('clocks') && this.#random.next() < RUNS_WITH_WRONG_CLOCK;
		const wrong = hasWrongClock ? 1 + this.#random.below(nodes - 1) : undefined;
		for (let index = 0; index < nodes; index++) {
			const seat = this.#newSeat(index, undefined, index === wrong);
			if (index === wrong) this.#late = seat;
			await this.#open(this.#honest, seat);
		}
		await this.#cluster.makeOrganiser(this.#seat(0).node);
		if (!faults.has('liars') || this.#random.next() >= RUNS_WITH_LIARS) return;
		for (let index = nodes; index <= nodes + this.#random.below(2); index++) {
			const lie = this.#random.pick(LIES);
			if (lie === 'double-votes') await this.#makeOtherBallots();
			this.#note(`${index} lies: ${lie}`);
			await this.#open(this.#liars, this.#newSeat(index, lie, false));
		}
	}

	#newSeat(index: number, lie: Lie | undefined, hasWrongClock: boolean): Seat {
		return new Seat(index, this.#cluster, this.#cluster.turns, {
			random: new Random(this.#options.seed * 1_000 + index),
			lie,
			offsetMs: this.#offsetMs(hasWrongClock),
			areMessagesBad: () => this.#areMessagesBad,
			otherBallot: (nullifier) => this.#others.get(nullifier)
		});
	}

	#offsetMs(isWrong: boolean): number {
		if (!this.#options.faults.has('clocks')) return 0;
		if (isWrong) return this.#random.next() < 0.5 ? WRONG_CLOCK_MS : -WRONG_CLOCK_MS;
		return this.#random.below(2 * MAX_SKEW_MS + 1) - MAX_SKEW_MS;
	}

	async #open(seats: Seat[], seat: Seat): Promise<void> {
		await seat.open();
		seats.push(seat);
		await this.#advance(2_000);
	}

	/** Only with `issued` is it known from the start for which group ballots have to be proved. */
	async #makeOtherBallots(): Promise<void> {
		if (this.#cluster.harness.election.eligibility !== 'issued') return;
		for (let voter = 0; voter < VOTERS; voter++) {
			const ballot = await this.#cluster.ballot(voter, [2]);
			this.#others.set(ballot.nullifier, ballot);
		}
	}

	async #act(): Promise<void> {
		const { faults } = this.#options;
		for (const seat of [...this.#honest, ...this.#liars]) {
			if (!seat.isAlive && this.#random.next() < 0.5) await this.#reopen(seat);
		}
		const roll = this.#random.next();
		if (roll < 0.02) return this.#close();
		if (roll < 0.15 && faults.has('partitions')) return this.#part();
		if (roll < 0.28 && faults.has('crashes')) return this.#crash();
		if (roll < 0.37 && faults.has('links')) return this.#dropLink();
		if (roll < 0.45 && faults.has('disks')) return this.#breakDisk();
		this.#takePart();
	}

	/** What people do in the phase that the organiser's node sees; now and then what belongs to another. */
	#takePart(): void {
		const { phase, enrolled } = this.#seat(0).node.node.snapshot();
		const isEarly = phase === 'enrolment' && this.#random.next() < 0.9;
		if (!isEarly) return this.#vote();
		if (enrolled >= 4 && this.#random.next() < 0.5) return this.#openPoll();
		this.#enrol();
	}

	#openPoll(): void {
		const organiser = this.#seat(0);
		if (organiser.isAlive) this.#tell('open', organiser.node.node.openPoll());
	}

	#close(): void {
		const organiser = this.#seat(0);
		if (organiser.isAlive) this.#tell('close', organiser.node.node.closePoll());
	}

	/** Voters keep to one device, but for one in five ballots: those are second ones, cast elsewhere with other choices. */
	#vote(): void {
		const voter = this.#random.below(VOTERS);
		const home = voter % this.#honest.length;
		const seat = this.#seat(this.#random.next() < 0.2 ? this.#random.below(this.#honest.length) : home);
		const choices = [this.#random.below(3)];
		if (!seat.isAlive) return;
		this.#tell(
			`voter ${voter} votes on ${seat.index}`,
			seat.node.node
				.vote({ ...this.#cluster.voter(voter), choices })
				.then(({ nullifier }) => void this.#accepted.set(nullifier, this.#cluster.voter(voter).voterId))
		);
	}

	#enrol(): void {
		const voter = this.#random.below(VOTERS);
		const home = this.#seat(voter % this.#honest.length);
		if (home.isAlive) this.#tell(`voter ${voter} enrols`, home.node.node.enrol(this.#cluster.voter(voter)));
	}

	#part(): void {
		if (this.#isParted) return this.#join();
		const island = [...this.#honest, ...this.#liars].filter(() => this.#random.next() < 0.5).map(({ node }) => node.id);
		this.#note(`partition of ${island.length}`);
		this.#cluster.hub.partition(island);
		this.#isParted = true;
	}

	#join(): void {
		this.#note('partition ends');
		this.#cluster.hub.heal();
		this.#isParted = false;
	}

	/** Now, or at one of the next writes. */
	#crash(): void {
		const seat = this.#random.pick([...this.#honest, ...this.#liars]);
		if (!seat.isAlive) return;
		seat.repair();
		if (this.#random.next() < 0.5) {
			this.#note(`crash of ${seat.index}`);
			return seat.crash();
		}
		const after = this.#random.below(6);
		this.#note(`${seat.index} will crash at write ${after}`);
		seat.dieAtWrite(after);
	}

	async #reopen(seat: Seat): Promise<void> {
		this.#note(`${seat.index} is opened again`);
		await seat.open();
		this.#watch(seat);
	}

	#dropLink(): void {
		const { node } = this.#random.pick(this.#honest);
		const peers = linkedPeers(node);
		if (peers.length === 0) return;
		this.#note('a link is lost');
		this.#cluster.hub.dropLinks(node.id, this.#random.pick(peers));
	}

	#breakDisk(): void {
		const seat = this.#random.pick(this.#honest);
		if (!seat.isAlive) return;
		if (seat.isBroken) return seat.repair();
		this.#note(`disk of ${seat.index} is full`);
		seat.fillDisk(this.#random.below(4));
	}

	/** All that the seed did to them ends; those who lie go on lying, and a clock that is wrong stays so for now. */
	async #heal(): Promise<void> {
		if (this.#isParted) this.#join();
		this.#areMessagesBad = false;
		for (const seat of [...this.#honest, ...this.#liars]) {
			seat.repair();
			if (!seat.isAlive) await this.#reopen(seat);
		}
		this.#note('all faults end');
	}

	async #untilAgreed(seats: readonly Seat[]): Promise<number> {
		const from = this.#cluster.now;
		while (this.#cluster.now - from <= HEALING_LIMIT_MS) {
			await this.#advance(HEALING_STEP_MS);
			const isOne = new Set(seats.map(({ node }) => node.node.snapshot().tip)).size === 1;
			if (isOne && seats.every(({ node }) => isAtRest(node))) return this.#cluster.now - from;
		}
		throw this.#broken(`no agreement:\n${seats.map((seat) => `  ${describe(seat)}`).join('\n')}`);
	}

	async #checkEnd(): Promise<void> {
		const newcomer = await this.#newcomer();
		const expected = outcomeOf(newcomer.node.node);
		for (const seat of this.#honest) {
			if (outcomeOf(seat.node.node) !== expected)
				throw this.#broken(`node ${seat.index} counts otherwise than a new one`);
			this.#demand(seat, (await checkChain(seat.node)) ?? checkAccepted(seat.node, this.#accepted));
		}
		await newcomer.node.node.stop();
	}

	/** A node that saw nothing of all this, linked to one that did. */
	async #newcomer(): Promise<Seat> {
		const seat = this.#newSeat(this.#honest.length + this.#liars.length, undefined, false);
		await seat.open();
		await this.#advance(2_000);
		this.#tell('a newcomer links', seat.node.node.link(this.#random.pick(this.#honest).node.id));
		await this.#untilAgreed([...this.#honest, seat]);
		return seat;
	}

	async #advance(ms: number): Promise<void> {
		await this.#cluster.advance(ms);
		for (const seat of this.#honest) this.#watch(seat);
	}

	#watch(seat: Seat): void {
		if (seat.lie === undefined) this.#demand(seat, checkStep(seat, VOTERS));
	}

	#demand(seat: Seat, fault: string | undefined): void {
		if (fault) throw this.#broken(`node ${seat.index}: ${fault}`);
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

	#seat(index: number): Seat {
		const seat = this.#honest[index];
		if (!seat) throw new RangeError(`no node ${index}`);
		return seat;
	}
}

function describe({ index, node }: Seat): string {
	const { height, work, tip, peers, pending, closing, mining, storageError } = node.node.snapshot();
	const linked = peers.filter(({ state }) => state === 'linked').length;
	const state = `height ${height}, work ${work}, tip ${tip.slice(0, 8)}, ${linked} peers, ${pending.length} pending`;
	return `node ${index}: ${state}, mining ${mining.active}, closed ${closing !== undefined}, ${storageError}`;
}
