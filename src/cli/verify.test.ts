import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ElectionRecord } from '../lib/audit/record';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
let golden: ElectionRecord;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'pollen-verify-'));
	golden = JSON.parse(await readFile(join(PROJECT, 'tests/vectors/record.json'), 'utf8')) as ElectionRecord;
});

afterAll(() => rm(folder, { recursive: true }));

interface Run {
	readonly exitCode: number;
	readonly lines: readonly string[];
	readonly errors: string;
}

/** Runs the real command from the temporary folder, as somebody does who has the file there. */
function verify(...args: readonly string[]): Promise<Run> {
	const npm = ['--prefix', PROJECT, '--silent', 'run', 'verify', '--', ...args];
	return new Promise((resolve, reject) => {
		execFile('npm', npm, { cwd: folder, timeout: 50_000 }, (error, stdout, stderr) => {
			const exitCode = error === null ? 0 : error.code;
			if (typeof exitCode === 'number') resolve({ exitCode, lines: stdout.split('\n'), errors: stderr });
			else reject(error ?? new Error('no exit code'));
		});
	});
}

async function save(name: string, content: unknown): Promise<string> {
	await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
	return name;
}

describe('npm run verify', () => {
	it('passes a good record, line by line, with exit code 0', async () => {
		const { exitCode, lines } = await verify(await save('record.json', golden));
		expect(lines).toEqual([
			'Sample of an audit: 2 contests, 8 blocks',
			`Election ID ${golden.electionId}`,
			'',
			'✓ election ID   1 of 1',
			'✓ links         8 of 8',
			'✓ work          7 of 7',
			'✓ difficulty    7 of 7',
			'✓ Merkle roots  8 of 8',
			'✓ signatures    6 of 6',
			'✓ proofs        3 of 3',
			'✓ nullifiers    3 of 3',
			'✓ phases        8 of 8',
			'✓ tally         15 of 15',
			'',
			'Chair',
			'        2  Ada',
			'        0  Grace',
			'        1  Alan',
			'',
			'New roof',
			'        1  Yes',
			'        1  No',
			'',
			'3 ballots of 4 voters on the roll, 3 of them enrolled.',
			'Closed by the organiser: the result is final.',
			`The organiser has signed another closing, too, which names another block: ${golden.otherClosings[0]!.id}`,
			'',
			'Every check passed.',
			''
		]);
		expect(exitCode).toBe(0);
	});

	it('names the block and the ballot where a record was tampered with, with exit code 1', async () => {
		const copy = structuredClone(golden);
		const [ballot] = copy.blocks[6]!.transactions as unknown as { id: string; choices: number[] }[];
		ballot!.choices[1] = 1;
		const { exitCode, lines } = await verify(await save('tampered.json', copy));
		const place = `block 6 (${golden.blocks[6]!.hash}), transaction ${ballot!.id}: bad-proof`;
		expect(lines.find((line) => line.includes('proofs'))).toMatch(`✗ proofs        1 of 3 wrong: ${place}`);
		expect(lines.filter((line) => line.startsWith('✗')).map((line) => line.slice(2, 14).trim())).toEqual([
			'Merkle roots',
			'proofs',
			'tally'
		]);
		expect(lines).toContain('This record does not hold.');
		expect(exitCode).toBe(1);
	});

	it.each([
		['half a download', 'half.json', () => JSON.stringify(golden).slice(0, 5_000), 'was the download cut short?'],
		['another file', 'other.json', () => '{"format":"pollen-receipt","version":1}', 'the file is no record']
	])('refuses %s with exit code 1', async (_, name, content, message) => {
		const { exitCode, lines, errors } = await verify(await save(name, content()));
		expect(errors).toMatch(message);
		expect(lines).toEqual(['']);
		expect(exitCode).toBe(1);
	});

	it('refuses bytes that are no text, a missing file, and no file at all, with exit code 1', async () => {
		await writeFile(join(folder, 'image.png'), Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe));
		expect(await verify('image.png')).toMatchObject({ exitCode: 1, errors: expect.stringMatching('it is not text') });
		expect(await verify('absent.json')).toMatchObject({ exitCode: 1, errors: expect.stringMatching('absent.json') });
		expect(await verify()).toMatchObject({ exitCode: 1, errors: expect.stringMatching('Usage') });
	});
});
