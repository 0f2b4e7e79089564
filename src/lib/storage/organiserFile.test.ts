import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import credentialVectors from '../../../tests/vectors/credential-file.json';
import vectors from '../../../tests/vectors/organiser-file.json';
import type { ElectionId } from '../bytes/hash';
import { bytesEqual } from '../bytes/compare';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { refusalOf } from '../bytes/testing/refusalOf';
import { organiserKeyOf } from '../election/codeKeys';
import { encodeElection, type Election } from '../election/definition';
import { electionIdOf } from '../election/genesis';
import { publicKeyOf } from '../election/signing';
import { anyElection } from '../election/testing/arbitraries';
import { MAX_ORGANISER_FILE_LENGTH, organiserFile, parseOrganiserFile } from './organiserFile';
import type { StoredOrganiser, WalletElection } from './port';
import { forged, unreadableTexts, without } from './testing/refusedBackups';

const [sample, other] = [vectors.cases[0]!.file, vectors.cases[1]!.file];

interface Restored {
	organiser: StoredOrganiser;
	election: WalletElection;
}

const refusal = (text: string) => refusalOf(() => parseOrganiserFile(text));

function restoredOf({ organiser, definition, file }: (typeof vectors.cases)[number]): Restored {
	const electionId = organiser.electionId as ElectionId;
	return {
		organiser: { ...organiser, electionId, secret: hexToBytes(organiser.secret) },
		election: {
			electionId,
			title: file.election.title,
			definition: hexToBytes(definition),
			openedAt: organiser.createdAt
		}
	};
}

function restored(definition: Election, secret: Uint8Array, names: readonly string[], createdAt: number): Restored {
	const electionId = electionIdOf(definition);
	const contacts = definition.roll.map(({ voterId }, i) => ({
		voterId,
		name: names[i % names.length] ?? '',
		email: `${i}@example.org`
	}));
	return {
		organiser: { electionId, secret, contacts, createdAt },
		election: { electionId, title: definition.title, definition: encodeElection(definition), openedAt: createdAt }
	};
}

const anyRestored = fc
	.record({
		definition: anyElection,
		secret: fc.uint8Array({ minLength: 32, maxLength: 32 }),
		names: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }),
		createdAt: fc.maxSafeNat()
	})
	.map(({ definition, secret, names, createdAt }) =>
		restored({ ...definition, organiser: publicKeyOf(organiserKeyOf(secret)) }, secret, names, createdAt)
	);

describe('organiser file', () => {
	it.each(vectors.cases)('golden: $name', (vector) => {
		const { organiser, election } = restoredOf(vector);
		expect(organiserFile(organiser, election)).toEqual(vector.file);
		expect(parseOrganiserFile(JSON.stringify(vector.file))).toEqual({ organiser, election });
	});

	it('reads what it writes, however it is laid out', () => {
		fc.assert(
			fc.property(anyRestored, fc.constantFrom(undefined, '\t', 2), ({ organiser, election }, indent) => {
				const file = organiserFile(organiser, { ...election, openedAt: 1 });
				const reversed = Object.fromEntries(Object.entries(file).reverse());
				for (const written of [file, reversed]) {
					expect(parseOrganiserFile(JSON.stringify(written, undefined, indent))).toEqual({ organiser, election });
				}
			}),
			{ numRuns: 40 }
		);
	});

	it('is written though a name has half a character', () => {
		const { organiser, election } = restoredOf(vectors.cases[0]!);
		const contacts = organiser.contacts.map((contact) => ({ ...contact, name: 'Ad\ud83d', email: '\udc00' }));
		const file = organiserFile({ ...organiser, contacts }, election);
		expect(parseOrganiserFile(JSON.stringify(file)).organiser.contacts[0]).toMatchObject({ name: 'Ad\ufffd' });
	});

	it('warns people of what it is', () => {
		expect(sample.warning).toContain('Secret');
		expect(parseOrganiserFile(forged(sample, { warning: 'Geheim.' }))).toEqual(restoredOf(vectors.cases[0]!));
	});

	it('is not written of a damaged definition', () => {
		const { organiser, election } = restoredOf(vectors.cases[0]!);
		const damaged = { ...election, definition: election.definition.slice(1) };
		expect(refusalOf(() => organiserFile(organiser, damaged))).toBe('bad-definition');
	});

	it.each(unreadableTexts(sample))('refuses $why', ({ text }) => {
		expect(refusal(text)).toBe('bad-backup');
	});

	it('refuses a credential file', () => {
		expect(() => parseOrganiserFile(JSON.stringify(credentialVectors.cases[0]!.file))).toThrow(/^format: /);
	});
});

describe('an organiser file that was changed', () => {
	it.each(Object.keys(sample))('is refused: %s of another file', (member) => {
		// The secret is the same in both.
		const foreign = { format: 'x', version: 2, warning: 'x', secret: bytesToHex(new Uint8Array(32)) };
		const changed = { ...sample, [member]: { ...other, ...foreign }[member as keyof typeof other] };
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

	const [first, second, third] = sample.contacts;
	const wrong: [member: string, why: string, value: unknown][] = [
		['format', 'another format', 'pollen-record'],
		['version', 'a later version', 2],
		['version', 'a version in quotes', '1'],
		['warning', 'no text', null],
		['electionId', 'of another election', other.electionId],
		['electionId', 'upper case', sample.electionId.toUpperCase()],
		['election', 'another definition', other.election],
		['election', 'one word changed', { ...sample.election, title: 'Board of the allotment clubs' }],
		['election', 'nobody as organiser', { ...sample.election, eligibility: 'issued', organiser: null }],
		['election', 'an unknown member', { ...sample.election, extra: 1 }],
		['election', 'no contests', { ...sample.election, contests: [] }],
		['election', 'a list', []],
		['election', 'nothing', null],
		['secret', 'of another organiser', bytesToHex(new Uint8Array(32))],
		['secret', 'too short', sample.secret.slice(2)],
		['secret', 'too long', `${sample.secret}00`],
		['secret', 'upper case', sample.secret.toUpperCase()],
		['contacts', 'one missing', [first, second]],
		['contacts', 'one too many', [first, second, third, third]],
		['contacts', 'in another order', [second, first, third]],
		['contacts', 'another voter ID', [first, second, { ...third, voterId: 'M-004' }]],
		['contacts', 'no name', [first, second, { voterId: 'M-003', email: '' }]],
		['contacts', 'an e-mail address that is no text', [first, second, { ...third, email: null }]],
		['contacts', 'an unknown member', [first, second, { ...third, telephone: '' }]],
		['contacts', 'no list', {}],
		['createdAt', 'negative', -1],
		['createdAt', 'a fraction', 0.5],
		['createdAt', 'a text', '2026-01-01'],
		['extra', 'an unknown member', 1]
	];
	it.each(wrong)('is refused though its checksum is right: %s, %s', (member, _, value) => {
		expect(refusal(forged(sample, { [member]: value }))).toBe('bad-backup');
	});

	it('is refused for any other definition, even one with an ID and an organiser of its own', () => {
		const secret = new Uint8Array(32).fill(3);
		const election = { ...sample.election, organiser: publicKeyOf(organiserKeyOf(secret)) } as Election;
		expect(refusal(forged(sample, { election, electionId: electionIdOf(election) }))).toBe('bad-backup');
		const whole = { election, electionId: electionIdOf(election), secret: bytesToHex(secret) };
		expect(refusal(forged(sample, whole))).toBeUndefined();
	});

	it('is refused without a crash when lists are nested very deep', () => {
		const text = JSON.stringify({ ...sample, election: 0 });
		const depth = 1_000_000;
		const deep = `{"version":${'['.repeat(depth)}${']'.repeat(depth)}}`;
		expect(refusal(text.replace('"election":0', `"election":${deep}`))).toBe('bad-backup');
	});
});

describe('the size of an organiser file', () => {
	it('is limited before anything is parsed', () => {
		const parse = vi.spyOn(JSON, 'parse');
		try {
			for (const junk of ['\u0000'.repeat(50_000_000), `"${'x'.repeat(MAX_ORGANISER_FILE_LENGTH)}"`]) {
				expect(refusal(junk)).toBe('bad-backup');
			}
			expect(parse).not.toHaveBeenCalled();
		} finally {
			parse.mockRestore();
		}
	});

	it('leaves room for ten thousand voters with long names', () => {
		const secret = new Uint8Array(32).fill(3);
		const roll = Array.from({ length: 10_000 }, (_, i) => ({
			voterId: `${'"'.repeat(59)}${String(i).padStart(5, '0')}`,
			key: (i + 1).toString(16).padStart(64, '0')
		}));
		const organiser = publicKeyOf(organiserKeyOf(secret));
		const definition: Election = {
			...(sample.election as Election),
			roll,
			organiser,
			proofDepth: 16,
			eligibility: 'issued'
		};
		const whole = restored(definition, secret, ['"'.repeat(254)], 5);
		const text = JSON.stringify(organiserFile(whole.organiser, whole.election), undefined, '\t');
		expect(text.length).toBeLessThan(MAX_ORGANISER_FILE_LENGTH / 2);
		const { organiser: read, election } = parseOrganiserFile(text);
		expect(read).toEqual(whole.organiser);
		expect(bytesEqual(election.definition, whole.election.definition)).toBe(true);
	});
});
