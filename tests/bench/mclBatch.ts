import * as mcl from 'mcl-wasm';
import { POINT_A, POINT_B, POINT_C, isCanonicalProof, type PointPlace } from '../../src/lib/proofs/pack';
import type { ProofToCheck } from '../../src/lib/proofs/batchEquation';
import type { VerificationKey } from '../../src/lib/proofs/verificationKey';

/** What mcl-wasm's module has besides what it declares: the product of Miller loops, over points that lie side by side. */
interface MclModule {
	readonly HEAP32: Int32Array;
	_malloc(bytes: number): number;
	_free(address: number): void;
	_mclBn_millerLoopVec(result: number, points1: number, points2: number, count: number): void;
}

/** Words of 32 bits in an element of the target group, of which every base field element has room for 384 bits. */
const GT_WORDS = 12 * 12;

const wordsOf = (value: object): Int32Array => new Int32Array((value as { a_: Uint32Array }).a_.buffer);
const coefficientLength = 16;

/**
 * The equation of `BatchEquation` with mcl-wasm, point checks included, and the best that it has for each part: lines of the
 * key's points computed once, one Miller loop over all others with shared squarings, one sum for all C.
 */
export class MclBatch {
	/** It is there once mcl-wasm is initialised, and only as a member of what it exports as a whole. */
	readonly #mod = (mcl as unknown as { default: { mod: MclModule } }).default.mod;
	readonly #alpha: mcl.G1;
	readonly #ic: readonly mcl.G1[];
	readonly #beta: mcl.PrecomputedG2;
	readonly #gamma: mcl.PrecomputedG2;
	readonly #delta: mcl.PrecomputedG2;

	private constructor(key: VerificationKey) {
		this.#alpha = g1Of(key.vk_alpha_1);
		this.#ic = key.IC.map(g1Of);
		this.#beta = new mcl.PrecomputedG2(g2Of(key.vk_beta_2));
		this.#gamma = new mcl.PrecomputedG2(g2Of(key.vk_gamma_2));
		this.#delta = new mcl.PrecomputedG2(g2Of(key.vk_delta_2));
	}

	static async open(key: VerificationKey): Promise<MclBatch> {
		await mcl.init(mcl.BN_SNARK1);
		return new MclBatch(key);
	}

	/** Whether all proofs hold. */
	holds(proofs: readonly ProofToCheck[]): boolean {
		const scaledA: mcl.G1[] = [];
		const pointsB: mcl.G2[] = [];
		const pointsC: mcl.G1[] = [];
		const coefficients: mcl.Fr[] = [];
		const factors = Array.from({ length: this.#ic.length }, () => new mcl.Fr());
		for (const { signals, proof } of proofs) {
			if (!isCanonicalProof(proof)) return false;
			const a = readG1(proof, POINT_A);
			const b = readG2(proof);
			const c = readG1(proof, POINT_C);
			// What it calls valid is on its curve and, in G2, in the subgroup of order r.
			for (const point of [a, b, c]) if (point.isZero() || !point.isValid()) return false;
			const coefficient = new mcl.Fr();
			coefficient.setLittleEndian(crypto.getRandomValues(new Uint8Array(coefficientLength)));
			scaledA.push(mcl.mul(a, coefficient));
			pointsB.push(b);
			pointsC.push(c);
			coefficients.push(coefficient);
			[1n, ...signals].forEach((signal, index) => {
				factors[index] = mcl.add(factors[index]!, mcl.mul(coefficient, frOf(signal)));
			});
		}
		const product = mcl.mul(
			this.#millerLoops(scaledA, pointsB),
			mcl.mul(
				mcl.precomputedMillerLoop2(
					mcl.neg(mcl.mul(this.#alpha, factors[0]!)),
					this.#beta,
					mcl.neg(mcl.mulVec([...this.#ic], factors)),
					this.#gamma
				),
				mcl.precomputedMillerLoop(mcl.neg(mcl.mulVec(pointsC, coefficients)), this.#delta)
			)
		);
		return mcl.finalExp(product).isOne();
	}

	#millerLoops(points1: readonly mcl.G1[], points2: readonly mcl.G2[]): mcl.GT {
		const [address1, address2] = [this.#put(points1), this.#put(points2)];
		const address = this.#mod._malloc(4 * GT_WORDS);
		this.#mod._mclBn_millerLoopVec(address, address1, address2, points1.length);
		const product = new mcl.GT();
		const words = wordsOf(product);
		words.set(this.#mod.HEAP32.subarray(address >> 2, (address >> 2) + words.length));
		for (const used of [address, address1, address2]) this.#mod._free(used);
		return product;
	}

	#put(points: readonly object[]): number {
		const words = points.map(wordsOf);
		const length = words[0]?.length ?? 0;
		const address = this.#mod._malloc(4 * length * words.length);
		words.forEach((point, index) => this.#mod.HEAP32.set(point, (address >> 2) + index * length));
		return address;
	}
}

function frOf(value: bigint): mcl.Fr {
	const element = new mcl.Fr();
	element.setBigEndianMod(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'));
	return element;
}

function fpOf(bigEndian: Uint8Array): mcl.Fp {
	const element = new mcl.Fp();
	element.setBigEndianMod(bigEndian);
	return element;
}

function readG1(proof: Uint8Array, { start, coordinateLength }: PointPlace): mcl.G1 {
	const point = new mcl.G1();
	point.setX(fpOf(proof.subarray(start, start + coordinateLength)));
	point.setY(fpOf(proof.subarray(start + coordinateLength, start + 2 * coordinateLength)));
	const one = new mcl.Fp();
	one.setInt(1);
	point.setZ(one);
	return point;
}

function readG2(proof: Uint8Array): mcl.G2 {
	const half = POINT_B.coordinateLength / 2;
	const [x1, x0, y1, y0] = [0, 1, 2, 3].map((index) =>
		fpOf(proof.subarray(POINT_B.start + index * half, POINT_B.start + (index + 1) * half))
	) as [mcl.Fp, mcl.Fp, mcl.Fp, mcl.Fp];
	const point = new mcl.G2();
	point.setX(fp2Of(x0, x1));
	point.setY(fp2Of(y0, y1));
	const one = new mcl.Fp2();
	one.setInt(1, 0);
	point.setZ(one);
	return point;
}

function fp2Of(a: mcl.Fp, b: mcl.Fp): mcl.Fp2 {
	const element = new mcl.Fp2();
	element.set_a(a);
	element.set_b(b);
	return element;
}

function g1Of([x, y]: readonly string[]): mcl.G1 {
	const point = new mcl.G1();
	point.setStr(`1 ${x} ${y}`, 10);
	return point;
}

function g2Of([x = [], y = []]: readonly (readonly string[])[]): mcl.G2 {
	const point = new mcl.G2();
	point.setStr(`1 ${x[0]} ${x[1]} ${y[0]} ${y[1]}`, 10);
	return point;
}
