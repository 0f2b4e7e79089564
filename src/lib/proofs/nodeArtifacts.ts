import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { LoadArtifact } from './artifacts';

const { resolve } = createRequire(import.meta.url);

/** Loads artifacts from the installed package: for Node, that is tests and the command line. */
export const nodeArtifacts: LoadArtifact = async (depth, kind) =>
	new Uint8Array(await readFile(resolve(`@zk-kit/semaphore-artifacts/semaphore-${depth}.${kind}`)));
