import type { BlockHash } from '../bytes/hash';
import type { ChainEnd } from '../chain/chainEnd';
import type { Header } from '../chain/header';
import { locatorOf, MAX_LOCATOR_LENGTH } from '../chain/locator';
import type { ChainEntry } from '../chain/tree';
import type { HeaderRun } from './headerRun';
import { MAX_WALK_MS, MAX_WALKED_HEADERS } from './limits';

/**
 * A walk along a peer's chain whose beginning has too little work to be kept, in two passes. The first keeps one hash for
 * each message of headers, until the chain has come to beat ours; the second fetches the same headers again, and now they
 * are kept. So a chain costs memory only after its work was seen, however deep it forks. (The idea is that of Bitcoin
 * Core's headerssync.cpp, PR 25717.)
 */
export class HeaderWalk {
	/** Of each message of the first pass: its last hash, and how many headers of it were new. */
	readonly #marks: { readonly hash: BlockHash; readonly length: number }[] = [];
	#length = 0;
	#end: ChainEnd;
	/** The last header that the second pass has kept; undefined during the first. */
	#kept: ChainEntry | undefined;
	#keptMarks = 0;

	/** @param fork where the chain leaves what we keep */
	constructor(
		readonly fork: ChainEntry,
		private readonly startedAt: number
	) {
		this.#end = fork;
	}

	/** Where the first pass stands. */
	get end(): ChainEnd {
		return this.#end;
	}

	get isKeeping(): boolean {
		return this.#kept !== undefined;
	}

	/** The last header of the chain that is kept. */
	get lastKept(): ChainEntry {
		return this.#kept ?? this.fork;
	}

	/** Whether the second pass has kept all that the first saw. */
	get isDone(): boolean {
		return this.#keptMarks === this.#marks.length;
	}

	/** After which header the next message is to begin. */
	get next(): BlockHash {
		return this.#kept ? this.#kept.hash : this.#end.hash;
	}

	/** Asks for what follows {@link HeaderWalk.next}, from a peer that may have gone over to another chain. */
	locator(): BlockHash[] {
		return [...new Set([this.next, ...locatorOf(this.lastKept)])].slice(0, MAX_LOCATOR_LENGTH);
	}

	/** Whether it has gone on for as long as it may. */
	isTooLong(now: number): boolean {
		return this.#length >= MAX_WALKED_HEADERS || now - this.startedAt > MAX_WALK_MS;
	}

	/** The first pass has seen these. */
	see({ fresh, end }: HeaderRun): void {
		if (!end || fresh.length === 0) return;
		this.#end = end;
		this.#length += fresh.length;
		this.#marks.push({ hash: end.hash, length: fresh.length });
	}

	/** The second pass begins. */
	turn(): void {
		this.#kept = this.fork;
	}

	/** As much of a message of the second pass as that of the first had. */
	upToMark(headers: readonly Header[]): readonly Header[] {
		return headers.slice(0, this.#marks[this.#keptMarks]?.length);
	}

	/** Whether a message of the second pass is the one that the first saw in its place. */
	isMarked({ end, refused }: HeaderRun): boolean {
		return refused === undefined && end?.hash === this.#marks[this.#keptMarks]?.hash;
	}

	/** The second pass has kept these. */
	keep(last: ChainEntry): void {
		this.#kept = last;
		this.#keptMarks += 1;
	}
}
