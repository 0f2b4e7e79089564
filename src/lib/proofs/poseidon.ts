import { numberToBytesBE } from '@noble/curves/utils.js';
import { ELEMENT_LENGTH, LIMBS, LIMB_BITS, limbsOf } from './montgomery';
import { Fr } from './scalarField';
import { INPUTS, OUTPUT, poseidonProgram } from './poseidonProgram';

/** Bytes of a field element, big-endian. */
export const NODE_LENGTH = 32;

const WORDS = NODE_LENGTH / 4;
const LIMB_MASK = 2 ** LIMB_BITS - 1;
const ORDER = numberToBytesBE(Fr.ORDER, NODE_LENGTH);

let shared: Poseidon | undefined;

/** The one that all in this thread share. */
export function sharedPoseidon(): Poseidon {
	return (shared ??= new Poseidon());
}

/**
 * Poseidon of two inputs, as `poseidon2` of poseidon-lite computes it, some five times as fast: in WebAssembly, with lazy
 * reduction and two thirds of the multiplications.
 */
export class Poseidon {
	readonly #hash: () => void;
	/** Of the module's memory; a limb is every second one. */
	readonly #words: Uint32Array;

	/** Compiles a module of its own, in a few milliseconds: too long a one for the main thread of some browsers. */
	constructor() {
		const { module, constantsAt, constants } = poseidonProgram();
		const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module));
		this.#hash = exports.hash as () => void;
		this.#words = new Uint32Array((exports.memory as WebAssembly.Memory).buffer);
		constants.forEach((constant, index) => {
			limbsOf(constant).forEach((limb, j) => {
				this.#words[(constantsAt + index * ELEMENT_LENGTH) / 4 + 2 * j] = Number(limb);
			});
		});
	}

	/** Hashes the two numbers of 32 bytes from `start` on. They count modulo the order of the field, like those of poseidon-lite. */
	hashPair(source: DataView, start: number, target: DataView, targetStart: number): void {
		this.#put(INPUTS, source, start);
		this.#put(INPUTS + ELEMENT_LENGTH, source, start + NODE_LENGTH);
		this.#hash();
		this.#take(target, targetStart);
	}

	#put(address: number, source: DataView, start: number): void {
		for (let j = 0; j < LIMBS; j++) {
			const word = (j * LIMB_BITS) >> 5;
			const shift = (j * LIMB_BITS) & 31;
			let limb = wordAt(source, start, word) >>> shift;
			if (shift > 0) limb |= wordAt(source, start, word + 1) << (32 - shift);
			this.#words[address / 4 + 2 * j] = limb & LIMB_MASK;
		}
	}

	#take(target: DataView, start: number): void {
		for (let word = 0; word < WORDS; word++) {
			const limb = Math.floor((32 * word) / LIMB_BITS);
			const shift = (32 * word) % LIMB_BITS;
			let value = this.#output(limb) >>> shift;
			value |= this.#output(limb + 1) << (LIMB_BITS - shift);
			if (2 * LIMB_BITS - shift < 32) value |= this.#output(limb + 2) << (2 * LIMB_BITS - shift);
			target.setUint32(start + NODE_LENGTH - 4 * (word + 1), value);
		}
		// Zero can come out as the order.
		if (ORDER.every((byte, index) => target.getUint8(start + index) === byte)) {
			for (let word = 0; word < WORDS; word++) target.setUint32(start + 4 * word, 0);
		}
	}

	#output(limb: number): number {
		return this.#words[OUTPUT / 4 + 2 * limb] ?? 0;
	}
}

/** The 32 bits of weight 2^(32 · word) of a number; zero above it. */
function wordAt(source: DataView, start: number, word: number): number {
	return word < WORDS ? source.getUint32(start + NODE_LENGTH - 4 * (word + 1)) : 0;
}
