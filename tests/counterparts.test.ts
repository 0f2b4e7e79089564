import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { specification } from './support/specification';

const ROOT = new URL('../', import.meta.url);
const spec = specification(readFileSync(new URL('README.md', import.meta.url), 'utf8'));
const counterparts = spec.table('Counterparts');

/** Their names, as Bitcoin Core's test runner demands that they begin. */
const THEIR_NAME = /\b(?:feature|interface|mempool|mining|p2p|rpc|tool|wallet)_[a-z0-9_]+/g;

/** All but this one, whose words are about names. */
function testFiles(): string[] {
	const inFolder = (folder: string) =>
		readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' }).map((path) => folder + path);
	const isTest = (path: string) => /\.(?:test|spec)\.ts$/.test(path) && !path.endsWith('counterparts.test.ts');
	return ['src/', 'tests/'].flatMap(inFolder).filter(isTest);
}

const namesIn = (rows: readonly string[][]) => rows.flatMap(([names]) => names?.split(', ') ?? []);

describe("the list of Bitcoin Core's functional tests", () => {
	it.each(counterparts)('%s has its counterpart in %s', (_, file = '', title = '') => {
		const url = new URL(file, ROOT);
		expect(existsSync(url)).toBe(true);
		expect(readFileSync(url, 'utf8')).toContain(title);
	});

	it('has every one of their names that a title uses', () => {
		const listed = new Set(namesIn(counterparts));
		for (const file of testFiles()) {
			for (const name of readFileSync(new URL(file, ROOT), 'utf8').match(THEIR_NAME) ?? []) {
				expect(listed, `${file} names ${name}`).toContain(name);
			}
		}
	});

	it('names each once: a counterpart, not yet, or why not', () => {
		const others = [...namesIn(spec.table('Not yet')), ...namesIn(spec.table('Do not apply'))];
		expect(new Set(others).size).toBe(others.length);
		for (const name of new Set(namesIn(counterparts))) expect(others).not.toContain(name);
	});
});
