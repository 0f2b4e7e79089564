import { describe, expect, it, vi } from 'vitest';
import { refusalOf } from '../../../tests/support/ledgerHarness';
import { encodeElection, type Election } from '../election/definition';
import { electionIdOf, genesisBlock } from '../election/genesis';
import { sampleElection } from '../election/testing/samples';
import { proofDepthFor } from '../election/proofDepth';
import { ThreadlessWorker } from '../proofs/testing/threadlessWorker';
import { definitionWorker } from './definitionWorker';
import { readDefinitionInline, workerDefinitions } from './readDefinition';

const hex = (value: number) => value.toString(16).padStart(64, '0');
const VOTERS = 1_000;
/** Read anew each time, so that nothing is remembered about it. */
const longElection = (): Election =>
	sampleElection({
		roll: Array.from({ length: VOTERS }, (_, voter) => ({ voterId: `V${voter}`, key: hex(voter + 1) })),
		proofDepth: proofDepthFor(VOTERS)!
	});
const BYTES = encodeElection(longElection());
const ID = electionIdOf(longElection());

function inWorker() {
	const workers: ThreadlessWorker[] = [];
	const start = vi.fn(() => {
		const worker = new ThreadlessWorker(definitionWorker());
		workers.push(worker);
		return worker.asWorker();
	});
	return { start, workers, read: workerDefinitions(start) };
}

const flipped = (at: number) => BYTES.map((byte, index) => (index === at ? byte ^ 1 : byte));
const retold = new TextEncoder().encode(JSON.stringify({ ...longElection() }, null, 1));

describe.each([
	['inline', readDefinitionInline],
	['a worker', (...call: Parameters<typeof readDefinitionInline>) => inWorker().read(...call)]
])('a long definition that is read by %s', (_, read) => {
	it('is the election, with the same encoding and genesis', async () => {
		const election = await read(BYTES.slice(), ID);
		expect(election).toEqual(longElection());
		expect(encodeElection(election)).toEqual(BYTES);
		expect(genesisBlock(election)).toEqual(genesisBlock(longElection()));
		expect(electionIdOf(election)).toBe(ID);
	});

	it.each([
		['a byte of a key changed', flipped(BYTES.length - 200)],
		['its end cut off', BYTES.slice(0, -1)],
		['other whitespace', retold],
		['nothing in it', new Uint8Array(BYTES.length)]
	])('is refused with %s', async (_, bytes) => {
		expect(await refusalOf(read(bytes, ID))).toBe('bad-definition');
	});

	it('is refused under the ID of another', async () => {
		expect(await refusalOf(read(BYTES, electionIdOf(sampleElection())))).toBe('bad-definition');
	});
});

describe('the worker', () => {
	it('ends with the definition, and is spared for a short one', async () => {
		const { read, start, workers } = inWorker();
		await read(BYTES, ID);
		expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true]);
		const short = sampleElection();
		expect(await read(encodeElection(short), electionIdOf(short))).toEqual(short);
		expect(start).toHaveBeenCalledOnce();
	});

	it('is done without where there is none', async () => {
		const read = workerDefinitions(() => {
			throw new Error('no workers here');
		});
		expect(await read(BYTES, ID)).toEqual(longElection());
		expect(await refusalOf(read(flipped(500), ID))).toBe('bad-definition');
	});
});
