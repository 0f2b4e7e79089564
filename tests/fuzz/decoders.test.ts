import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytesToHex, hexToBytes } from '../../src/lib/bytes/hex';
import { utf8 } from '../../src/lib/bytes/text';
import { PollenError } from '../../src/lib/errors/pollenError';
import { DECODERS, type Decoder } from './decoders';
import { anyJsonChange, changedJson, mutated, someMutations } from './mutations';
import { runs } from './runs';

/** Inputs that were a problem once, or that are likely to be one. Replayed before anything else. */
const CORPUS = JSON.parse(readFileSync(new URL('./corpus/inputs.json', import.meta.url), 'utf8')) as readonly {
	readonly decoder: string;
	readonly why: string;
	/** What is read, as text or as hex; `times` of it in a row. */
	readonly text?: string;
	readonly hex?: string;
	readonly times?: number;
}[];

/** Reads an input. It may be refused with one of the codes that the table allows, and for nothing else. */
function tryToRead({ name, codes, read }: Decoder, input: Uint8Array): 'read' | 'refused' {
	const before = bytesToHex(input.subarray(0, 4_096));
	try {
		const again = read(input);
		if (again !== undefined) expect(bytesToHex(again) === bytesToHex(input), `${name} has one form only`).toBe(true);
		return 'read';
	} catch (error) {
		if (error instanceof PollenError && codes.includes(error.code)) return 'refused';
		const entry = JSON.stringify({ decoder: name, why: '', hex: bytesToHex(input) });
		throw new Error(`for corpus/inputs.json: ${entry}`, { cause: error });
	} finally {
		expect(bytesToHex(input.subarray(0, 4_096))).toBe(before);
	}
}

describe.each(DECODERS)('p2p_invalid_messages, for every decoder: $name', (decoder) => {
	const sample = fc.constantFrom(...decoder.samples);

	it('reads what the corpus holds, or refuses it with a code', () => {
		for (const { text, hex, times = 1 } of CORPUS.filter((entry) => entry.decoder === decoder.name)) {
			tryToRead(decoder, text === undefined ? hexToBytes((hex ?? '').repeat(times)) : utf8(text.repeat(times)));
		}
	});

	it('reads its samples', () => {
		for (const valid of decoder.samples) expect(tryToRead(decoder, valid)).toBe('read');
	});

	it('takes any bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => void tryToRead(decoder, bytes)),
			runs(100)
		);
	});

	it('takes what it wrote, damaged', () => {
		fc.assert(
			fc.property(
				sample,
				sample,
				someMutations,
				(valid, other, mutations) => void tryToRead(decoder, mutated(valid, mutations, other))
			),
			runs(300)
		);
	});

	if (!decoder.isJson) return;
	it('takes JSON in which a value is changed, missing or new', () => {
		const changes = fc.array(anyJsonChange, { minLength: 1, maxLength: 3 });
		fc.assert(
			fc.property(sample, changes, (valid, list) => {
				const text = list.reduce((json, change) => (json === '' ? json : changedJson(json, change)), textOf(valid));
				tryToRead(decoder, utf8(text));
			}),
			runs(300)
		);
	});
});

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('the table of decoders', () => {
	const LIB = new URL('../../src/lib/', import.meta.url);
	/** What is named like a decoder and reads nothing from outside, or is tried where it is used. */
	const OTHERS: Readonly<Record<string, string>> = {
		decodeCheckedElection: 'takes what decodeElection took in a worker; see readDefinition.test.ts',
		decodeStrict: 'takes a coder; each of those that use it is in the table',
		readBlock: 'of the audit: takes a block that parseRecord has read',
		readCredential: 'parseCredentialFile, and then rules for what is in it'
	};

	it('has every exported function that reads something', () => {
		const covered = new Set(DECODERS.flatMap(({ covers }) => covers));
		const found = readdirSync(LIB, { recursive: true, encoding: 'utf8' })
			.filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('testing/'))
			.flatMap((path) => {
				const source = readFileSync(new URL(path, LIB), 'utf8');
				const exported = /^export (?:async )?function ((?:decode|parse|read)[A-Z]\w*|\w+FromJson)\b/gm;
				return [...source.matchAll(exported)].map(([, name]) => name as string);
			});
		expect(found.length).toBeGreaterThan(15);
		expect(found.filter((name) => !covered.has(name) && !(name in OTHERS))).toEqual([]);
		expect(Object.keys(OTHERS).filter((name) => !found.includes(name))).toEqual([]);
	});

	it('has a name for each, which the corpus uses', () => {
		const names = DECODERS.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		for (const { decoder } of CORPUS) expect(names).toContain(decoder);
	});
});
