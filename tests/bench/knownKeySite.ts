import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERIFICATION_KEYS, type VerificationKey } from '../../src/lib/proofs/verificationKey';
import { keyOfKnownTrapdoor } from './knownTrapdoor';

const BUILD = fileURLToPath(new URL('../../build', import.meta.url));
const SITE = fileURLToPath(new URL('../../node_modules/.cache/pollen-bench/known-key-site', import.meta.url));
/** A coordinate of a point, as keys have them. */
const COORDINATE = /\b\d{70,78}\b/g;

let made: Promise<string> | undefined;

/**
 * Copies the built site, with {@link keyOfKnownTrapdoor} where its scripts have the keys of Semaphore and nothing else changed,
 * into a folder of its own, once a run; returns the folder. Whoever served that site would accept forged ballots, so it never
 * lies where a site is expected.
 */
export function siteOfKnownKey(): Promise<string> {
	return (made ??= make());
}

async function make(): Promise<string> {
	await rm(SITE, { recursive: true, force: true });
	await cp(BUILD, SITE, { recursive: true });
	const known = coordinatesOf(keyOfKnownTrapdoor());
	const keys = Object.values(VERIFICATION_KEYS).map(coordinatesOf);
	const replacements = new Map(keys.flatMap((key) => key.map((coordinate, index) => [coordinate, known[index]!])));
	const found = new Set<string>();
	for (const file of await readdir(SITE, { recursive: true })) {
		if (!file.endsWith('.js')) continue;
		const script = await readFile(join(SITE, file), 'utf8');
		const replaced = script.replace(COORDINATE, (coordinate) => {
			const replacement = replacements.get(coordinate);
			if (replacement !== undefined) found.add(coordinate);
			return replacement ?? coordinate;
		});
		if (replaced !== script) await writeFile(join(SITE, file), replaced);
	}
	if (found.size < replacements.size) throw new Error('the built site does not have the keys that were to be replaced');
	return SITE;
}

/** Those that are not 0 or 1. What keys share, such as γ, they must share with the known one too. */
function coordinatesOf(key: VerificationKey): string[] {
	const points = [key.vk_alpha_1, ...key.IC, ...[key.vk_beta_2, key.vk_gamma_2, key.vk_delta_2].flat()];
	return points.flat().filter((coordinate) => coordinate.length > 1);
}
