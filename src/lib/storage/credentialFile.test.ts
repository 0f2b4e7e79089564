import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import vectors from '../../../tests/vectors/credential-file.json';
import organiserVectors from '../../../tests/vectors/organiser-file.json';
import type { ElectionId, Hash } from '../bytes/hash';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { refusalOf } from '../bytes/testing/refusalOf';
import { anyEnrolment, anyHash } from '../election/testing/arbitraries';
import { sampleBallot } from '../election/testing/samples';
import { encodeTransaction } from '../election/transaction';
import { credentialFile, MAX_CREDENTIAL_FILE_LENGTH, parseCredentialFile } from './credentialFile';
import type { StoredCredential } from './port';
import { forged, unreadableTexts, without } from './testing/refusedBackups';

const [sample, other] = [vectors.cases[0]!.file, vectors.cases[1]!.file];

const refusal = (text: string) => refusalOf(() => parseCredentialFile(text));

function credentialOf({ credential }: (typeof vectors.cases)[number]): StoredCredential {
	return {
		...credential,
		electionId: credential.electionId as ElectionId,
		commitment: credential.commitment as Hash,
		key: hexToBytes(credential.key),
		enrolment: hexToBytes(credential.enrolment)
	};
}

const anyText = (maxLength: number) =>
	fc.string({ unit: 'grapheme', maxLength }).filter((text) => [...text].length <= maxLength);

const anyCredential: fc.Arbitrary<StoredCredential> = fc
	.record({
		electionId: anyHash,
		voterId: anyText(64).filter((text) => text !== ''),
		key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
		enrolment: anyEnrolment,
		createdAt: fc.maxSafeNat()
	})
	.map(({ enrolment, ...rest }) => ({
		...rest,
		commitment: enrolment.commitment,
		enrolment: encodeTransaction(enrolment)
	}));

describe('credential file', () => {
	it.each(vectors.cases)('golden: $name', (vector) => {
		const credential = credentialOf(vector);
		expect(credentialFile(credential, vector.file.title)).toEqual(vector.file);
		expect(parseCredentialFile(JSON.stringify(vector.file))).toEqual(credential);
	});

	it('reads what it writes, however it is laid out', () => {
		fc.assert(
			fc.property(anyCredential, anyText(200), fc.constantFrom(undefined, '\t', 2), (credential, title, indent) => {
				const file = credentialFile(credential, title);
				const reversed = Object.fromEntries(Object.entries(file).reverse());
				for (const written of [file, reversed]) {
					expect(parseCredentialFile(JSON.stringify(written, undefined, indent))).toEqual(credential);
				}
			})
		);
	});

	it('warns people of what it is', () => {
		expect(sample.warning).toContain('Secret');
		expect(parseCredentialFile(forged(sample, { warning: 'Geheim.' }))).toEqual(credentialOf(vectors.cases[0]!));
	});

	it.each(unreadableTexts(sample))('refuses $why', ({ text }) => {
		expect(refusal(text)).toBe('bad-backup');
	});

	it('refuses an organiser backup', () => {
		expect(() => parseCredentialFile(JSON.stringify(organiserVectors.cases[0]!.file))).toThrow(/^format: /);
	});
});

describe('a credential file that was changed', () => {
	it.each(Object.keys(sample))('is refused: %s of another file', (member) => {
		const foreign = member === 'format' || member === 'version' || member === 'warning' ? 'x' : undefined;
		const changed = { ...sample, [member]: foreign ?? other[member as keyof typeof other] };
		expect(refusal(JSON.stringify(changed))).toBe('bad-backup');
	});

	it.each(Object.keys(sample))('is refused: %s missing', (member) => {
		const rest = without(sample, member);
		if (member !== 'checksum') expect(refusal(forged(rest, {}))).toBe('bad-backup');
		expect(refusal(JSON.stringify(rest))).toBe('bad-backup');
	});

	it('is refused whichever character of a value was changed', () => {
		const text = JSON.stringify(sample);
		fc.assert(
			fc.property(fc.nat(text.length - 1), fc.constantFrom('0', 'a', 'Z', ' ', '"', '}'), (at, character) => {
				fc.pre(text[at] !== character);
				expect(refusal(text.slice(0, at) + character + text.slice(at + 1))).toBe('bad-backup');
			}),
			{ numRuns: 300 }
		);
	});

	const r = '30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001';
	const wrong: [member: string, why: string, value: unknown][] = [
		['format', 'another format', 'pollen-receipt'],
		['version', 'a later version', 2],
		['version', 'a version in quotes', '1'],
		['warning', 'no text', null],
		['electionId', 'upper case', sample.electionId.toUpperCase()],
		['electionId', 'too short', sample.electionId.slice(2)],
		['title', 'no text', 7],
		['title', 'too long', 'x'.repeat(201)],
		['voterId', 'empty', ''],
		['voterId', 'too long', 'x'.repeat(65)],
		['voterId', 'no text', ['V1']],
		['key', 'too short', sample.key.slice(2)],
		['key', 'too long', `${sample.key}00`],
		['key', 'upper case', sample.key.toUpperCase()],
		['key', 'a number', 7],
		['commitment', 'zero', '0'.repeat(64)],
		['commitment', 'no field element', r],
		['commitment', 'too short', sample.commitment.slice(2)],
		['commitment', 'not that of the enrolment', other.commitment],
		['enrolment', 'of another commitment', other.enrolment],
		['enrolment', 'not hex', `zz${sample.enrolment.slice(2)}`],
		['enrolment', 'cut off', sample.enrolment.slice(0, -2)],
		['enrolment', 'with more behind it', `${sample.enrolment}00`],
		['enrolment', 'empty', ''],
		['enrolment', 'a ballot', bytesToHex(encodeTransaction(sampleBallot(1)))],
		['createdAt', 'negative', -1],
		['createdAt', 'a fraction', 0.5],
		['createdAt', 'a text', '2026-01-01'],
		['extra', 'an unknown member', 1]
	];
	it.each(wrong)('is refused though its checksum is right: %s, %s', (member, _, value) => {
		expect(refusal(forged(sample, { [member]: value }))).toBe('bad-backup');
	});
});

describe('the size of a credential file', () => {
	it('is limited before anything is parsed', () => {
		const parse = vi.spyOn(JSON, 'parse');
		try {
			for (const junk of ['{'.repeat(50_000_000), ' '.repeat(MAX_CREDENTIAL_FILE_LENGTH) + JSON.stringify(sample)]) {
				expect(refusal(junk)).toBe('bad-backup');
			}
			expect(parse).not.toHaveBeenCalled();
		} finally {
			parse.mockRestore();
		}
	});

	it('leaves room for the largest there can be', () => {
		const credential = {
			...credentialOf(vectors.cases[0]!),
			voterId: '"'.repeat(64),
			createdAt: Number.MAX_SAFE_INTEGER
		};
		const text = JSON.stringify(credentialFile(credential, '\\'.repeat(200)), undefined, '\t');
		expect(text.length).toBeLessThan(MAX_CREDENTIAL_FILE_LENGTH / 8);
		expect(parseCredentialFile(text)).toEqual(credential);
	});
});
