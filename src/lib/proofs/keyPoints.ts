import { F1_LENGTH, F2_LENGTH, G1_AFFINE_LENGTH, type Bn254 } from './bn254';
import type { VerificationKey } from './verificationKey';

/** The addresses of a verification key's points of G1, affine. */
export interface KeyPoints {
	readonly alpha: number;
	/** One after another: the point of the constant, then one a public signal. */
	readonly ic: number;
	readonly icCount: number;
}

/** Writes a verification key, which is trusted, into the curve's memory: β, γ and δ to the addresses given, affine. */
export function writeKeyPoints(bn254: Bn254, key: VerificationKey, addressesG2: readonly number[]): KeyPoints {
	const pointsG2 = [key.vk_beta_2, key.vk_gamma_2, key.vk_delta_2];
	addressesG2.forEach((address, index) => writeG2(bn254, address, pointsG2[index] ?? []));
	return { alpha: writeG1(bn254, [key.vk_alpha_1]), ic: writeG1(bn254, key.IC), icCount: key.IC.length };
}

function writeG1(bn254: Bn254, points: readonly (readonly string[])[]): number {
	const address = bn254.reserve(points.length * G1_AFFINE_LENGTH);
	points.forEach(([x = '', y = ''], index) => {
		bn254.putF1(address + index * G1_AFFINE_LENGTH, BigInt(x));
		bn254.putF1(address + index * G1_AFFINE_LENGTH + F1_LENGTH, BigInt(y));
	});
	return address;
}

function writeG2(bn254: Bn254, address: number, [x = [], y = []]: readonly (readonly string[])[]): void {
	[x, y].forEach(([c0 = '', c1 = ''], index) => bn254.putF2(address + index * F2_LENGTH, BigInt(c0), BigInt(c1)));
}
