import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as buildSite } from 'vite';

/** Kit builds in several goes and gives each this file, so that what it says holds for the workers too. */
const CONFIG = fileURLToPath(new URL('knownKey.vite.config.ts', import.meta.url));
/** Where the adapter writes; Kit knows no other place. */
const BUILD = fileURLToPath(new URL('../../build', import.meta.url));
const ASIDE = fileURLToPath(new URL('../../node_modules/.cache/pollen-bench/build-aside', import.meta.url));
const SITE = fileURLToPath(new URL('../../node_modules/.cache/pollen-bench/known-key-site', import.meta.url));

let built: Promise<string> | undefined;

/**
 * Builds the site once more, with a key of which the trapdoor is known, in a folder of its own, once a run; returns the folder. Whoever served that site would accept forged ballots, so it never lies where a site
 * is expected: the `build` folder is left as it was.
 */
export function siteOfKnownKey(): Promise<string> {
	return (built ??= build());
}

async function build(): Promise<string> {
	await mkdir(dirname(ASIDE), { recursive: true });
	await rm(ASIDE, { recursive: true, force: true });
	const isAside = await rename(BUILD, ASIDE).then(
		() => true,
		() => false
	);
	try {
		await buildSite({ configFile: CONFIG, logLevel: 'error' });
		await rm(SITE, { recursive: true, force: true });
		await rename(BUILD, SITE);
	} finally {
		if (isAside) {
			await rm(BUILD, { recursive: true, force: true });
			await rename(ASIDE, BUILD);
		}
	}
	return SITE;
}
