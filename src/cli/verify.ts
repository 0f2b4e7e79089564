/**
 * Checks a downloaded record of an election: `npm run verify -- record.json`. Prints one line a check and the result, and exits
 * with 0 when every check passed, otherwise with 1. Needs no browser and no network.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { auditRecord } from '../lib/audit/auditRecord';
import { proofContextOf } from '../lib/audit/proofContext';
import { MAX_RECORD_LENGTH, parseRecord, type ElectionRecord } from '../lib/audit/record';
import { fromUtf8 } from '../lib/bytes/text';
import { hashFromBytes } from '../lib/bytes/hex';
import { workMessage } from '../lib/chain/work';
import { PollenError } from '../lib/errors/pollenError';
import type { WorkHash } from '../lib/mining/port';
import { inlineProofs } from '../lib/proofs/inlineProofs';
import { nodeArtifacts } from '../lib/proofs/nodeArtifacts';
import { checkLine, outcomeLines } from './reportText';

const USAGE = 'Usage: npm run verify -- record.json';

const nativeWorkHash: WorkHash = (header) =>
	Promise.resolve(hashFromBytes(createHash('sha256').update(workMessage(header)).digest()));

function print(line: string): void {
	process.stdout.write(`${line}\n`);
}

/** Titles come from the record: no control character of theirs reaches the terminal. */
function printable(text: string): string {
	return text.replace(/\p{Control}/gu, '\uFFFD');
}

async function readRecord(path: string): Promise<ElectionRecord> {
	const { size } = await stat(path);
	// UTF-8 has at most three bytes for one UTF-16 unit.
	if (size > 3 * MAX_RECORD_LENGTH) throw new PollenError('bad-record', 'the file is larger than a record can be');
	return parseRecord(textOf(await readFile(path)));
}

function textOf(bytes: Uint8Array): string {
	try {
		return fromUtf8(bytes);
	} catch (cause) {
		throw new PollenError('bad-record', 'the file is no record: it is not text', { cause });
	}
}

/** Resolves with whether every check passed. */
async function verify(record: ElectionRecord): Promise<boolean> {
	const { title, contests } = record.election;
	print(
		`${title}: ${contests.length === 1 ? 'one contest' : `${contests.length} contests`}, ${record.blocks.length} blocks`
	);
	print(`Election ID ${record.electionId}`);
	print('');
	let printed = 0;
	const printFinished = (finished: Parameters<typeof checkLine>[0][]) => {
		for (const result of finished.slice(printed)) print(printable(checkLine(result)));
		printed = finished.length;
	};
	const proofs = inlineProofs(nodeArtifacts)(proofContextOf(record));
	try {
		const report = await auditRecord(
			record,
			{ verifier: proofs, workHash: nativeWorkHash, now: Date.now() },
			{ onProgress: ({ finished }) => printFinished([...finished]) }
		);
		printFinished([...report.checks]);
		print('');
		for (const line of outcomeLines(report)) print(printable(line));
		return report.valid;
	} finally {
		proofs.close();
	}
}

async function main(): Promise<boolean> {
	const [path, ...others] = process.argv.slice(2);
	if (path === undefined || others.length > 0) {
		process.stderr.write(`${USAGE}\n`);
		return false;
	}
	try {
		// npm runs scripts in the project's folder, and says in INIT_CWD where it was called.
		return await verify(await readRecord(resolve(process.env['INIT_CWD'] ?? process.cwd(), path)));
	} catch (error) {
		const message = error instanceof PollenError ? `${error.code}: ${error.message}` : String(error);
		process.stderr.write(`${printable(message)}\n`);
		return false;
	}
}

process.exitCode = (await main()) ? 0 : 1;
