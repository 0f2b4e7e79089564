import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/election.json';
import { ZERO_HASH } from '../bytes/hash';
import { bytesToHex } from '../bytes/hex';
import { fromUtf8, utf8 } from '../bytes/text';
import { decodeElection, encodeElection, type Election } from './definition';
import { SCALAR_FIELD } from './field';
import { electionIdOf } from './genesis';
import { proofDepthFor } from './proofDepth';
import { anyElection } from './testing/arbitraries';
import { sampleCommitment, sampleElection } from './testing/samples';
import { sampleEnrolmentElection, sampleOrganiser } from './testing/signedSamples';
import { refusalOf } from '../bytes/testing/refusalOf';

function rollOf(size: number) {
	return Array.from({ length: size }, (_, i) => ({ voterId: `V${i}`, key: sampleCommitment(i + 1) }));
}

/** TextEncoder writes U+FFFD for what UTF-8 cannot hold; these tests want the bytes as they are in the file. */
const raw = (text: string) => new TextEncoder().encode(text);

describe('the golden definitions', () => {
	it.each(vectors.valid)('$name has the canonical form and digest of the vector', ({ election, canonical, sha256 }) => {
		const encoded = encodeElection(election as Election);
		expect(fromUtf8(encoded)).toBe(canonical);
		expect(createHash('sha256').update(encoded).digest('hex')).toBe(sha256);
		expect(decodeElection(utf8(canonical))).toEqual(election);
	});

	it.each(vectors.refused)('refuses: $why', ({ text }) => {
		expect(refusalOf(() => decodeElection(raw(text)))).toBe('bad-definition');
	});

	it('begins each refused definition from one that is accepted', () => {
		const smallest = vectors.valid.find(({ name }) => name === 'smallest');
		expect(refusalOf(() => decodeElection(raw(smallest?.canonical ?? '')))).toBeUndefined();
	});
});

describe('encodeElection', () => {
	it('refuses what decodeElection refuses', () => {
		expect(refusalOf(() => encodeElection(sampleElection({ title: '' })))).toBe('bad-definition');
		expect(refusalOf(() => encodeElection(sampleElection({ title: 'lone \ud800' })))).toBe('bad-definition');
		expect(refusalOf(() => encodeElection(null as unknown as Election))).toBe('bad-definition');
	});

	it('names the field that is wrong', () => {
		expect(() => encodeElection(sampleElection({ contests: [{ title: 'Q', options: [''] }] }))).toThrow(
			/^contests\.0\.options\.0: /
		);
	});

	it('wants an organiser where voters enrol, because nobody else can open the poll', () => {
		expect(() => encodeElection(sampleEnrolmentElection(3, { organiser: null }))).toThrow(/needs an organiser/);
		expect(refusalOf(() => encodeElection(sampleEnrolmentElection(3)))).toBeUndefined();
		expect(refusalOf(() => encodeElection(sampleElection({ organiser: null })))).toBeUndefined();
		expect(refusalOf(() => encodeElection(sampleElection({ organiser: sampleOrganiser })))).toBeUndefined();
	});

	it('wants every key on the roll once, whatever it stands for', () => {
		const twice = (key: string) => [1, 2].map((n) => ({ voterId: `V${n}`, key }));
		const key = sampleCommitment(7);
		expect(() => encodeElection(sampleElection({ roll: twice(key) }))).toThrow(/same key/);
		expect(() => encodeElection(sampleEnrolmentElection(3, { roll: twice(key) }))).toThrow(/same key/);
	});

	it('wants commitments on the roll with issued codes only: a public key can be any 32 bytes', () => {
		for (const key of [ZERO_HASH, SCALAR_FIELD, 'f'.repeat(64)]) {
			const roll = [{ voterId: 'A', key }];
			expect(() => encodeElection(sampleElection({ roll }))).toThrow(/must be a commitment/);
			expect(refusalOf(() => encodeElection(sampleEnrolmentElection(3, { roll })))).toBeUndefined();
		}
	});

	it('knows two ways to be let in', () => {
		const eligibility = 'open' as 'issued';
		expect(() => encodeElection(sampleElection({ eligibility }))).toThrow(/^eligibility: /);
	});

	it('does not depend on the order of keys in the object', () => {
		const election = sampleElection();
		const reversed = Object.fromEntries(Object.entries(election).reverse()) as unknown as Election;
		expect(encodeElection(reversed)).toEqual(encodeElection(election));
	});
});

describe('decodeElection', () => {
	it('refuses bytes that are not UTF-8', () => {
		const bytes = encodeElection(sampleElection({ title: 'é' }));
		const broken = bytes.filter((byte) => byte !== 0xc3);
		expect(broken.length).toBe(bytes.length - 1);
		expect(refusalOf(() => decodeElection(broken))).toBe('bad-definition');
	});

	it('counts characters in code points', () => {
		const flower = '\u{1f33c}';
		expect(refusalOf(() => encodeElection(sampleElection({ title: flower.repeat(200) })))).toBeUndefined();
		expect(refusalOf(() => encodeElection(sampleElection({ title: flower.repeat(201) })))).toBe('bad-definition');
	});

	it('takes the largest of everything', () => {
		const options = Array.from({ length: 255 }, (_, i) => `Option ${i}`);
		const contests = Array.from({ length: 64 }, (_, i) => ({ title: `Contest ${i}`, options }));
		const election = sampleElection({ contests, description: '€'.repeat(5_000) });
		expect(decodeElection(encodeElection(election))).toEqual(election);
	});

	it('wants the smallest depth that fits the roll', () => {
		expect([1, 1_024, 1_025, 65_536, 65_537, 1_048_576, 1_048_577].map(proofDepthFor)).toEqual([
			10,
			10,
			16,
			16,
			20,
			20,
			undefined
		]);
		expect(refusalOf(() => encodeElection(sampleElection({ roll: rollOf(1_024), proofDepth: 10 })))).toBeUndefined();
		expect(refusalOf(() => encodeElection(sampleElection({ roll: rollOf(1_024), proofDepth: 16 })))).toBe(
			'bad-definition'
		);
		expect(refusalOf(() => encodeElection(sampleElection({ roll: rollOf(1_025), proofDepth: 10 })))).toBe(
			'bad-definition'
		);
		expect(refusalOf(() => encodeElection(sampleElection({ roll: rollOf(1_025), proofDepth: 16 })))).toBeUndefined();
	});

	it('reads back what encodeElection writes', () => {
		fc.assert(
			fc.property(anyElection, (election) => {
				expect(decodeElection(encodeElection(election))).toEqual(election);
			})
		);
	});

	it('never gives two definitions one ID: every changed byte is refused or changes the election ID', () => {
		const bytes = encodeElection(sampleElection());
		const id = electionIdOf(sampleElection());
		fc.assert(
			fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (position, mask) => {
				const changed = bytes.map((byte, index) => (index === position ? byte ^ mask : byte));
				let election: Election;
				try {
					election = decodeElection(changed);
				} catch (error) {
					expect(error).toMatchObject({ code: 'bad-definition' });
					return;
				}
				expect(bytesToHex(encodeElection(election))).toBe(bytesToHex(changed));
				expect(electionIdOf(election)).not.toBe(id);
			}),
			{ numRuns: 500 }
		);
	});
});
