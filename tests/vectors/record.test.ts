import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auditRecord } from '../../src/lib/audit/auditRecord';
import { checkReceipt, isOnChain } from '../../src/lib/audit/checkReceipt';
import { proofContextOf } from '../../src/lib/audit/proofContext';
import { parseReceiptFile, receiptFileOf } from '../../src/lib/audit/receiptFile';
import { parseRecord } from '../../src/lib/audit/record';
import { workHashSync } from '../../src/lib/chain/work';
import { blockFromJson } from '../../src/lib/election/json';
import { inlineProofs } from '../../src/lib/proofs/inlineProofs';
import { nodeArtifacts } from '../../src/lib/proofs/nodeArtifacts';

function read(name: string): string {
	return readFileSync(new URL(name, import.meta.url), 'utf8');
}

const workHash = (header: Uint8Array) => Promise.resolve(workHashSync(header));
const record = parseRecord(read('record.json'));
const receipt = parseReceiptFile(read('receipt-file.json'));

/** An election with enrolment of three voters, and the receipt of one of them; every proof, signature and hash is real. */
describe('the golden record and receipt', () => {
	it('pass every check', async () => {
		const verifier = inlineProofs(nodeArtifacts)(proofContextOf(record));
		const report = await auditRecord(record, { verifier, workHash, now: Date.now() });
		expect(report.checks.filter(({ problem }) => problem)).toEqual([]);
		expect(report).toMatchObject({ valid: true, blocks: 8, isClosed: true, results: { ballots: 3 } });
		expect(report.otherClosings).toMatchObject([{ kind: 'closing', height: 4 }]);
	});

	it('belong together', async () => {
		const { electionId, election, blocks } = record;
		const block = blocks[receipt.block.height]!;
		const parts = { electionId, title: election.title, block: blockFromJson(block), blockHash: block.hash };
		expect(receiptFileOf({ ...parts, nullifier: receipt.nullifier })).toEqual(receipt);
		expect(await checkReceipt(receipt, { workHash })).toMatchObject({ valid: true });
		expect(isOnChain(receipt, (height) => blocks[height]?.hash)).toBe(true);
	});
});
