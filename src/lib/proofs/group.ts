import type { Hash } from '../bytes/hash';
import { hashToBytes } from '../bytes/hex';
import { NODE_LENGTH, sharedPoseidon } from './poseidon';

/** Where a member stands in the group's tree, as the circuit takes it. */
export interface MembershipPath {
	/** Bit i tells whether the node on level i is a right child; levels without a sibling are left out. */
	readonly index: number;
	readonly siblings: readonly bigint[];
}

/** One level of a tree: nodes that stand one after another. */
interface Level {
	/** Of the first node, counted from the first leaf. */
	readonly start: number;
	readonly size: number;
}

/**
 * The tree of a group: a LeanIMT over the commitments in order, hashed with Poseidon. Two nodes have their hash as parent; one
 * without a right sibling is its own parent.
 */
export class GroupTree {
	/** The leaves, then level by level the nodes above them, the root last. */
	readonly #bytes: Uint8Array<ArrayBuffer>;
	readonly #view: DataView;
	readonly #levels: readonly Level[];

	private constructor(bytes: Uint8Array<ArrayBuffer>, levels: readonly Level[]) {
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer);
		this.#levels = levels;
	}

	/**
	 * Hashes about once for each leaf.
	 * @param leaves commitments in order, 32 bytes each
	 * @param similar a tree over some of the same leaves at the same places: what it has hashed is not hashed again. So a group
	 * that grows at its end costs what is added; in a sorted one a new member moves all behind it, and what is before it is saved.
	 */
	static build(leaves: Uint8Array, similar?: GroupTree): GroupTree {
		const levels = levelsOver(leaves.length / NODE_LENGTH);
		const tree = new GroupTree(new Uint8Array(nodesIn(levels) * NODE_LENGTH), levels);
		tree.#bytes.set(leaves);
		tree.#levels.slice(1).forEach(({ size, start }, below) => {
			const level = below + 1;
			for (let place = 0; place < size; place++) {
				const known = similar && similar.#parentOfSame(tree, level, place);
				if (known) tree.#bytes.set(known, (start + place) * NODE_LENGTH);
				else tree.#writeParent(level, place, tree.#view, (start + place) * NODE_LENGTH);
			}
		});
		return tree;
	}

	/** A tree of which somebody kept the {@link inner} nodes. Undefined when there are not as many as there must be. */
	static from(leaves: Uint8Array, inner: Uint8Array): GroupTree | undefined {
		const levels = levelsOver(leaves.length / NODE_LENGTH);
		if (leaves.length + inner.length !== nodesIn(levels) * NODE_LENGTH) return undefined;
		const bytes = new Uint8Array(leaves.length + inner.length);
		bytes.set(leaves);
		bytes.set(inner, leaves.length);
		return new GroupTree(bytes, levels);
	}

	/** How many members there are. */
	get size(): number {
		return this.#levels[0]?.size ?? 0;
	}

	/** Of no commitments: zero. */
	get root(): bigint {
		return this.size === 0 ? 0n : this.#node(this.#levels.length - 1, 0);
	}

	/** How many nodes are not leaves. */
	get innerSize(): number {
		return nodesIn(this.#levels) - this.size;
	}

	/** The nodes that are not leaves, 32 bytes each, upwards; the root is the last. */
	get inner(): Uint8Array<ArrayBuffer> {
		return this.#bytes.subarray(this.size * NODE_LENGTH);
	}

	/** Where a member stands among the leaves; -1 when it is not in the group. */
	placeOf(commitment: Hash): number {
		const wanted = hashToBytes(commitment);
		const leaves = this.#bytes.subarray(0, this.size * NODE_LENGTH);
		return range(this.size).findIndex((place) => isAt(wanted, leaves, place * NODE_LENGTH));
	}

	/** The path from a leaf to the root. */
	pathFrom(place: number): MembershipPath {
		const siblings: bigint[] = [];
		let index = 0;
		this.#levels.slice(0, -1).forEach(({ size }, level) => {
			const own = place >> level;
			const sibling = own ^ 1;
			if (sibling >= size) return;
			index |= (own & 1) << siblings.length;
			siblings.push(this.#node(level, sibling));
		});
		return { index, siblings };
	}

	/** Whether the inner node is what its children make it: counted as in {@link inner}. */
	isRight(innerNode: number): boolean {
		const level = this.#levels.findIndex(({ start, size }) => this.size + innerNode < start + size);
		return this.#isParent(level, this.size + innerNode - (this.#levels[level]?.start ?? 0));
	}

	/** Whether each node from a leaf up to the root is what its children make it. */
	isRightAbove(place: number): boolean {
		return range(this.#levels.length - 1).every((below) => this.#isParent(below + 1, place >> (below + 1)));
	}

	#isParent(level: number, place: number): boolean {
		const parent = new Uint8Array(NODE_LENGTH);
		this.#writeParent(level, place, new DataView(parent.buffer), 0);
		return isAt(parent, this.#bytes, this.#offset(level, place));
	}

	/** Writes what the node must be by its children. */
	#writeParent(level: number, place: number, target: DataView, offset: number): void {
		const left = this.#offset(level - 1, 2 * place);
		if (this.#has(level - 1, 2 * place + 1)) {
			sharedPoseidon().hashPair(this.#view, left, target, offset);
		} else {
			new Uint8Array(target.buffer).set(this.#bytes.subarray(left, left + NODE_LENGTH), offset);
		}
	}

	/** The node at this place, if here it has the very children that it has in the other tree. */
	#parentOfSame(other: GroupTree, level: number, place: number): Uint8Array | undefined {
		for (const child of [2 * place, 2 * place + 1]) {
			if (this.#has(level - 1, child) !== other.#has(level - 1, child)) return undefined;
			if (!this.#has(level - 1, child)) continue;
			const offset = other.#offset(level - 1, child);
			const wanted = other.#bytes.subarray(offset, offset + NODE_LENGTH);
			if (!isAt(wanted, this.#bytes, this.#offset(level - 1, child))) return undefined;
		}
		const offset = this.#offset(level, place);
		return this.#bytes.subarray(offset, offset + NODE_LENGTH);
	}

	#has(level: number, place: number): boolean {
		return place < (this.#levels[level]?.size ?? 0);
	}

	#offset(level: number, place: number): number {
		return ((this.#levels[level]?.start ?? 0) + place) * NODE_LENGTH;
	}

	#node(level: number, place: number): bigint {
		const offset = this.#offset(level, place);
		return range(NODE_LENGTH / 8).reduce(
			(value, word) => (value << 64n) | this.#view.getBigUint64(offset + 8 * word),
			0n
		);
	}
}

/** From the leaves to the root. */
function levelsOver(leaves: number): Level[] {
	const levels: Level[] = [{ start: 0, size: leaves }];
	for (let size = leaves, start = leaves; size > 1; start += size) {
		size = Math.ceil(size / 2);
		levels.push({ start, size });
	}
	return levels;
}

function nodesIn(levels: readonly Level[]): number {
	return levels.reduce((sum, { size }) => sum + size, 0);
}

function isAt(wanted: Uint8Array, bytes: Uint8Array, offset: number): boolean {
	return wanted.every((byte, index) => byte === bytes[offset + index]);
}

function range(length: number): number[] {
	return Array.from({ length }, (_, index) => index);
}
