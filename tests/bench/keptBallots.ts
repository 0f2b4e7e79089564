import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Nullifier } from '../../src/lib/bytes/hash';
import { hexToBytes } from '../../src/lib/bytes/hex';
import type { Ballot } from '../../src/lib/election/transaction';
import type { BenchElection } from './benchElection';
import { showProgress } from './showProgress';

/** Git ignores it; whoever deletes it waits for the proofs again. */
const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/pollen-bench/', import.meta.url));

/** What is kept of a ballot: one line of JSON in the election's file. */
export interface KeptBallot {
	/** Position on the roll. */
	readonly voter: number;
	readonly nullifier: string;
	readonly choices: readonly number[];
	/** 256 bytes in hex. */
	readonly proof: string;
}

/** What a process of `prover.ts` is asked for. */
export interface ProverTask {
	readonly voters: number;
	/** Positions on the roll of those whose ballots it shall make. */
	readonly missing: readonly number[];
}

/**
 * A ballot with a real proof of each of the first `count` voters of a bench election, in the order of the roll. Proofs take
 * a second or two each, so they are made once, on all cores, and kept for the next time; what was made before an
 * interruption is kept too.
 */
export async function keptBallots({ electionId, codes }: BenchElection, count = codes.length): Promise<Ballot[]> {
	const voters = Array.from({ length: count }, (_, voter) => voter);
	const file = join(FOLDER, `${electionId}.jsonl`);
	const kept = await readKept(file);
	const missing = voters.filter((voter) => !kept.has(voter));
	if (missing.length > 0) {
		await mkdir(dirname(file), { recursive: true });
		await make(codes.length, missing, async (ballot) => {
			kept.set(ballot.voter, ballot);
			await appendFile(file, `${JSON.stringify(ballot)}\n`);
		});
	}
	return voters.map((voter) => ballotOf(kept.get(voter)!));
}

async function readKept(file: string): Promise<Map<number, KeptBallot>> {
	const text = await readFile(file, 'utf8').catch(() => '');
	// The last line may have been cut short.
	const lines = text.split('\n').slice(0, -1);
	const ballots = lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as KeptBallot);
	return new Map(ballots.map((ballot) => [ballot.voter, ballot]));
}

async function make(
	voters: number,
	missing: readonly number[],
	keep: (ballot: KeptBallot) => Promise<void>
): Promise<void> {
	const provers = Math.min(availableParallelism(), missing.length);
	let writing = Promise.resolve();
	let done = 0;
	const work = async (share: number): Promise<void> => {
		const child = fork(fileURLToPath(new URL('./prover.ts', import.meta.url)));
		const task: ProverTask = { voters, missing: missing.filter((_, index) => index % provers === share) };
		child.on('message', (ballot: KeptBallot) => {
			writing = writing.then(() => keep(ballot));
			showProgress(++done, missing.length, 'ballots proved');
		});
		child.send(task);
		const [code] = (await once(child, 'exit')) as [number | null];
		if (code !== 0) throw new Error(`a process that makes proofs ended with ${code}`);
	};
	await Promise.all(Array.from({ length: provers }, (_, share) => work(share)));
	await writing;
}

function ballotOf({ nullifier, choices, proof }: KeptBallot): Ballot {
	return { kind: 'ballot', nullifier: nullifier as Nullifier, choices, proof: hexToBytes(proof) };
}
