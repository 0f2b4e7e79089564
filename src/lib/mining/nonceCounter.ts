const HALF = 0x1_0000_0000;

/**
 * Counts in the nonce of a work message: its first 8 bytes, big-endian. In two halves, because a bigint a hash would be
 * garbage a hash. After 2^64 - 1 comes 0, so a search may start anywhere.
 */
export class NonceCounter {
	readonly #view: DataView;
	readonly #start: bigint;
	#high: number;
	#low: number;

	/** @param message its nonce is where counting starts */
	constructor(message: Uint8Array) {
		this.#view = new DataView(message.buffer, message.byteOffset, message.byteLength);
		this.#start = this.#view.getBigUint64(0);
		this.#high = this.#view.getUint32(0);
		this.#low = this.#view.getUint32(4);
	}

	/** Writes the next nonce into the message. */
	increment(): void {
		this.#low = (this.#low + 1) % HALF;
		this.#view.setUint32(4, this.#low);
		if (this.#low !== 0) return;
		this.#high = (this.#high + 1) % HALF;
		this.#view.setUint32(0, this.#high);
	}

	/** The nonce that stood in the message after `increments` increments. */
	nonceAfter(increments: number): bigint {
		return BigInt.asUintN(64, this.#start + BigInt(increments));
	}
}
