import { buildBn128, type Bn128, type Bn128Functions } from 'ffjavascript';

/** Bytes of an element of the base field, and of its extensions of degree 2 and 12. */
export const F1_LENGTH = 32;
export const F2_LENGTH = 2 * F1_LENGTH;
export const F12_LENGTH = 12 * F1_LENGTH;
/** Bytes of affine points (x, y), and of Jacobian ones (x, y, z). */
export const G1_AFFINE_LENGTH = 2 * F1_LENGTH;
export const G1_LENGTH = 3 * F1_LENGTH;
export const G2_AFFINE_LENGTH = 2 * F2_LENGTH;

/** Bytes that the module takes for itself while it works, without looking where its memory ends. */
const WORKING_SPACE = 64 * 1024;

/**
 * The curve BN254 (alt_bn128 of EIP-197) in WebAssembly, called with addresses in its own memory. ffjavascript's own
 * methods copy every operand in and out, and offer no Miller loop over several points.
 */
export class Bn254 {
	readonly call: Bn128Functions;
	readonly #curve: Bn128;

	private constructor(curve: Bn128) {
		this.#curve = curve;
		this.call = curve.tm.instance.exports;
	}

	/** Compiles a module of its own (about 0.3 s), so that memory and state are shared with nobody. */
	static async open(): Promise<Bn254> {
		return new Bn254(await buildBn128(true));
	}

	/** Reserves `length` bytes for ever; their address. */
	reserve(length: number): number {
		const address = this.#curve.tm.alloc(length);
		if (address + length + WORKING_SPACE > this.#curve.tm.u8.length) throw new RangeError('curve memory is full');
		return address;
	}

	/** Writes bytes as they stand: scalars, little-endian. */
	putBytes(address: number, bytes: Uint8Array): void {
		this.#curve.tm.u8.set(bytes, address);
	}

	/** Writes a scalar of `length` bytes. */
	putScalar(address: number, scalar: bigint, length: number): void {
		for (let i = 0; i < length; i++) this.#curve.tm.u8[address + i] = Number((scalar >> BigInt(8 * i)) & 0xffn);
	}

	/** Writes an element of the base field. */
	putF1(address: number, value: bigint): void {
		this.putScalar(address, value, F1_LENGTH);
		this.call.f1m_toMontgomery(address, address);
	}

	/** Writes the element c0 + c1·i of the quadratic extension. */
	putF2(address: number, c0: bigint, c1: bigint): void {
		this.putF1(address, c0);
		this.putF1(address + F1_LENGTH, c1);
	}

	/**
	 * Writes one or two coordinates of big-endian bytes, each below the field's order. c1·i + c0 stands as c1, c0
	 * (EIP-197) but is kept as c0, c1, so turning all bytes round is right for the base field and its extension alike.
	 */
	putCoordinate(address: number, bigEndian: Uint8Array): void {
		this.putBytes(address, bigEndian.toReversed());
		for (let offset = 0; offset < bigEndian.length; offset += F1_LENGTH) {
			this.call.f1m_toMontgomery(address + offset, address + offset);
		}
	}
}
