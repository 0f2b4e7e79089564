import { F2_LENGTH, type Bn254 } from './bn254';

/** (9 + i)^((q - 1) / 3) and (9 + i)^((q - 1) / 2), as [c0, c1]. */
const FACTOR_X = [
	21575463638280843010398324269430826099269044274347216827212613867836435027261n,
	10307601595873709700152284273816112264069230130616436755625194854815875713954n
] as const;
const FACTOR_Y = [
	2821565182194536844548159561693502659359617185244120367078079554186484126554n,
	3505843767911556378687030309984248845540243509899259641013678093033130930403n
] as const;

/**
 * The Frobenius map ψ of the twist: ψ(x, y) = (x̄ · (9 + i)^((q - 1) / 3), ȳ · (9 + i)^((q - 1) / 2)). On G2 it
 * multiplies by q.
 */
export class Frobenius {
	readonly #bn254: Bn254;
	readonly #factorX: number;
	readonly #factorY: number;

	constructor(bn254: Bn254) {
		this.#bn254 = bn254;
		this.#factorX = bn254.reserve(F2_LENGTH);
		bn254.putF2(this.#factorX, ...FACTOR_X);
		this.#factorY = bn254.reserve(F2_LENGTH);
		bn254.putF2(this.#factorY, ...FACTOR_Y);
	}

	/** Writes the image of the affine point `from` to `to`, which may be the same address. */
	apply(from: number, to: number): void {
		const { call } = this.#bn254;
		call.f2m_conjugate(from, to);
		call.f2m_mul(this.#factorX, to, to);
		call.f2m_conjugate(from + F2_LENGTH, to + F2_LENGTH);
		call.f2m_mul(this.#factorY, to + F2_LENGTH, to + F2_LENGTH);
	}
}
