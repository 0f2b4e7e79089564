import type { Clock } from '../../src/lib/clock/port';
import type { Network } from '../../src/lib/network/port';
import { createMemoryDisk, type MemoryDisk } from '../../src/lib/storage/memoryDisk';
import type { Cluster, ClusterNode } from '../support/cluster';
import { failWrites } from '../support/ledgerHarness';
import { MESSAGE_FAULTS } from './faults';
import { faultyNetwork } from './faultyNetwork';
import { lyingNetwork, type LiesContext, type Lie } from './lyingNetwork';
import type { Random } from './random';

export interface SeatOptions {
	/** For everything that happens by chance at this seat. */
	readonly random: Random;
	/** What others hear from it, if it lies. */
	readonly lie: Lie | undefined;
	/** How far its clock is ahead of the right time. */
	readonly offsetMs: number;
	/** Whether messages from it are lost, doubled and reordered now. */
	areMessagesBad(): boolean;
	otherBallot: LiesContext['otherBallot'];
}

/** One device: a disk, a clock, a way to the network, and the node that lives on it now. A crash puts another in its place. */
export class Seat {
	/** Whether its tip was final, and the tip's work: neither may ever fall. */
	rank = { isClosed: false, work: 0n };
	#offsetMs: number;
	#node: ClusterNode | undefined;
	readonly #disk: MemoryDisk = createMemoryDisk();
	#repair: (() => void) | undefined;

	constructor(
		readonly index: number,
		private readonly cluster: Cluster,
		private readonly clock: Clock,
		private readonly options: SeatOptions
	) {
		this.#offsetMs = options.offsetMs;
	}

	get node(): ClusterNode {
		if (!this.#node) throw new RangeError(`no node at seat ${this.index}`);
		return this.#node;
	}

	get lie(): Lie | undefined {
		return this.options.lie;
	}

	get isAlive(): boolean {
		return !this.node.tab.isDead;
	}

	get isBroken(): boolean {
		return this.#repair !== undefined;
	}

	/** Opens the tab on what the disk holds. */
	async open(): Promise<void> {
		this.repair();
		this.#node = await this.cluster.start({
			disk: this.#disk,
			mining: true,
			rendezvous: true,
			tapped: false,
			clockOffsetMs: this.#offsetMs,
			random: this.options.random.next,
			network: (network) => this.#breaking(network)
		});
	}

	/** The tab dies without a word. */
	crash(): void {
		if (this.isAlive) this.cluster.crash(this.node);
	}

	/** The tab dies as it comes to its `after`-th next write, which does not happen. */
	dieAtWrite(after: number): void {
		const victim = this.node;
		let passed = 0;
		this.#disk.beforePut = () => {
			if (passed++ < after) return;
			if (!victim.tab.isDead) this.cluster.crash(victim);
			throw new DOMException('The tab is gone.', 'AbortError');
		};
		this.#repair = () => (this.#disk.beforePut = undefined);
	}

	/** The disk is full from its `after`-th next write on. */
	fillDisk(after: number): void {
		this.#repair = failWrites(this.#disk, 'QuotaExceededError', after);
	}

	repair(): void {
		this.#repair?.();
		this.#repair = undefined;
	}

	setClock(offsetMs: number): void {
		this.#offsetMs = offsetMs;
		this.node.tab.offsetMs = offsetMs;
	}

	#breaking(network: Network): Network {
		const { random, lie, areMessagesBad, otherBallot } = this.options;
		const faulty = faultyNetwork(network, this.clock, random, MESSAGE_FAULTS, areMessagesBad);
		return lie ? lyingNetwork(faulty, lie, { random, otherBallot }) : faulty;
	}
}

export function rankOf({ node }: ClusterNode): Seat['rank'] {
	const { closing, work } = node.snapshot();
	return { isClosed: closing !== undefined, work };
}
