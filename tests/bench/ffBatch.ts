import { buildBn128 } from 'ffjavascript';
import { SCALAR_FIELD } from '../../src/lib/election/field';
import type { ProofToCheck } from '../../src/lib/proofs/batchEquation';
import { bigintOfHash } from '../../src/lib/proofs/fieldElement';
import { isCanonicalProof } from '../../src/lib/proofs/pack';
import type { VerificationKey } from '../../src/lib/proofs/verificationKey';

/** A point, Jacobian or affine. */
type Point = Uint8Array;

interface Group {
	fromObject(point: readonly bigint[] | readonly (readonly bigint[])[]): Point;
	fromRprUncompressed(bytes: Uint8Array, offset: number): Point;
	isValid(point: Point): boolean;
	isZero(point: Point): boolean;
	timesScalar(point: Point, scalar: Uint8Array): Point;
	add(a: Point, b: Point): Point;
	neg(point: Point): Point;
}

/** ffjavascript's own methods, as snarkjs uses them. */
interface Curve {
	readonly G1: Group;
	readonly G2: Group;
	pairingEq(...points: readonly Point[]): Promise<boolean>;
}

const ORDER = bigintOfHash(SCALAR_FIELD);

/** The equation of `BatchEquation` by ffjavascript's own methods: what one would write first. */
export class FfBatch {
	private constructor(
		readonly curve: Curve,
		readonly key: VerificationKey
	) {}

	static async open(key: VerificationKey): Promise<FfBatch> {
		return new FfBatch((await buildBn128(true)) as unknown as Curve, key);
	}

	/** Whether all proofs hold. */
	async holds(proofs: readonly ProofToCheck[]): Promise<boolean> {
		const { G1, G2 } = this.curve;
		const pairs: Point[] = [];
		const factors = this.key.IC.map(() => 0n);
		let sumC: Point | undefined;
		for (const { signals, proof } of proofs) {
			if (!isCanonicalProof(proof)) return false;
			const [a, b, c] = [
				G1.fromRprUncompressed(proof, 0),
				G2.fromRprUncompressed(proof, 64),
				G1.fromRprUncompressed(proof, 192)
			];
			if ([a, c].some((point) => G1.isZero(point) || !G1.isValid(point)) || G2.isZero(b) || !G2.isValid(b))
				return false;
			if (!G2.isZero(G2.timesScalar(b, littleEndian(ORDER)))) return false;
			const coefficient = crypto.getRandomValues(new Uint8Array(16));
			pairs.push(G1.timesScalar(a, coefficient), b);
			const scaledC = G1.timesScalar(c, coefficient);
			sumC = sumC ? G1.add(sumC, scaledC) : scaledC;
			const factor = BigInt(`0x${Buffer.from(coefficient.toReversed()).toString('hex')}`);
			[1n, ...signals].forEach((signal, index) => {
				factors[index] = (factors[index]! + factor * signal) % ORDER;
			});
		}
		if (!sumC) return true;
		const alpha = G1.timesScalar(G1.fromObject(this.key.vk_alpha_1.map(BigInt)), littleEndian(factors[0]!));
		const ic = this.key.IC.map((point, index) =>
			G1.timesScalar(G1.fromObject(point.map(BigInt)), littleEndian(factors[index]!))
		).reduce((sum, point) => G1.add(sum, point));
		const g2 = (point: VerificationKey['vk_beta_2']): Point => G2.fromObject(point.map((pair) => pair.map(BigInt)));
		return await this.curve.pairingEq(
			...pairs,
			G1.neg(alpha),
			g2(this.key.vk_beta_2),
			G1.neg(ic),
			g2(this.key.vk_gamma_2),
			G1.neg(sumC),
			g2(this.key.vk_delta_2)
		);
	}
}

function littleEndian(value: bigint): Uint8Array {
	return Uint8Array.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex')).reverse();
}
