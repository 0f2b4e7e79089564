import { Identity } from '@semaphore-protocol/identity';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEMO_ELECTION, DEMO_ELECTION_ID, DEMO_VOTERS } from './demo';
import { decodeElection, encodeElection } from './definition';
import { electionIdOf } from './genesis';
import { isWellFormedCode, normaliseCode } from './votingCode';

describe('the demo election', () => {
	it('is a definition with the ID that stands beside it', () => {
		expect(decodeElection(encodeElection(DEMO_ELECTION))).toEqual(DEMO_ELECTION);
		expect(electionIdOf(DEMO_ELECTION)).toBe(DEMO_ELECTION_ID);
	});

	it('has the parties in their order', () => {
		expect(DEMO_ELECTION.contests.map((contest) => contest.options)).toEqual([
			['Democratic Party', 'Republican Party', 'Socialist Party']
		]);
	});

	it('has voters VOID001 to VOID015, each with a code of their own', () => {
		expect(DEMO_VOTERS.map(({ voterId }) => voterId)).toEqual(
			Array.from({ length: 15 }, (_, i) => `VOID${String(i + 1).padStart(3, '0')}`)
		);
		expect(DEMO_ELECTION.roll.map(({ voterId }) => voterId)).toEqual(DEMO_VOTERS.map(({ voterId }) => voterId));
		expect(new Set(DEMO_VOTERS.map(({ code }) => code)).size).toBe(15);
		for (const { code } of DEMO_VOTERS) {
			expect(isWellFormedCode(code)).toBe(true);
			expect(normaliseCode(code)).toBe(code);
		}
	});

	it.each(DEMO_VOTERS)('holds the commitment that the code of $voterId stands for', ({ voterId, code }) => {
		const secret = createHash('sha256').update('pollen/credential/v1').update(code).digest();
		const { commitment } = new Identity(new Uint8Array(secret));
		const entry = DEMO_ELECTION.roll.find((voter) => voter.voterId === voterId);
		expect(entry?.key).toBe(commitment.toString(16).padStart(64, '0'));
	});

	it('needs no Semaphore, because the home page loads it', () => {
		const source = readFileSync(new URL('./demo.ts', import.meta.url), 'utf8');
		const imports = source.match(/^import .*$/gm) ?? [];
		expect(imports.filter((line) => !line.startsWith('import type '))).toEqual([]);
	});
});
