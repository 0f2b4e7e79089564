import { describe, expect, it } from 'vitest';
import type { Hash } from '../../src/lib/bytes/hash';
import { hexToBytes } from '../../src/lib/bytes/hex';
import { inlineProofs } from '../../src/lib/proofs/inlineProofs';
import { nodeArtifacts } from '../../src/lib/proofs/nodeArtifacts';
import closings from './closing.json';
import enrolments from './enrolment.json';
import openings from './opening.json';

const proofs = inlineProofs(nodeArtifacts)({ scope: openings.electionId as Hash, depth: 10 });

describe('the golden opening', () => {
	const [opening] = openings.valid;

	it('has the root that Semaphore gives the enrolled commitments, ascending', async () => {
		const enrolled = enrolments.valid.slice(0, opening?.groupSize).map(({ commitment }) => commitment);
		expect(enrolled.toSorted()).toEqual(openings.group);
		expect(await proofs.groupRootOf(openings.group as Hash[])).toBe(opening?.groupRoot);
		expect(await proofs.groupRootOf(enrolled as Hash[])).not.toBe(opening?.groupRoot);
		expect(await proofs.groupRootOf(openings.group.slice(1) as Hash[])).not.toBe(opening?.groupRoot);
	});
});

describe('the golden signatures', () => {
	it('hold for the verifier of a node, and not with their messages exchanged', async () => {
		const statements = [...enrolments.valid, ...openings.valid, ...closings.valid].map((vector) => ({
			publicKey: vector.publicKey,
			message: hexToBytes(vector.message),
			signature: hexToBytes(vector.signature)
		}));
		expect(await proofs.verifySignatures(statements)).toEqual(statements.map(() => true));
		const exchanged = statements.map((statement, index) => ({
			...statement,
			message: statements.at(index - 1)?.message ?? statement.message
		}));
		expect(await proofs.verifySignatures(exchanged)).toEqual(statements.map(() => false));
	});
});
