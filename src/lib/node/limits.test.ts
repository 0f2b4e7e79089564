import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as limits from './limits';

const README = readFileSync(new URL('./README.md', import.meta.url), 'utf8');

/** Names and values in the rows of the tables that state limits. */
const STATED = [...README.matchAll(/^\| `([A-Z_]+)` +\| ([\d,]+) +\|/gm)].map(([, name, value]) => ({
	name: name as keyof typeof limits,
	value: Number(value?.replaceAll(',', ''))
}));

describe('the limits in README.md', () => {
	it('are those of the code', () => {
		expect(STATED.length).toBeGreaterThan(20);
		for (const { name, value } of STATED) expect(value, name).toBe(limits[name]);
	});

	it('hold every one that bounds what is kept', () => {
		const bounds = Object.keys(limits).filter((name) => /^(MAX|BODIES|BODY)_/.test(name));
		const elsewhere = ['MAX_UNKNOWN_TRIES', 'MAX_BOOK_FAILURES', 'MAX_OUTBOUND', 'MAX_DIALLING'];
		const stated = STATED.map(({ name }) => name as string);
		expect(bounds.filter((name) => !elsewhere.includes(name) && !stated.includes(name))).toEqual([]);
	});
});
