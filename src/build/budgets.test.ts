import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBudgets, filesOf, HOME } from './budgets.js';

const MANIFEST = {
	'kit/client/entry.js': { file: 'start.js', imports: ['_shared'] },
	'kit/client-optimized/app.js': { file: 'app.js', imports: ['_shared'] },
	'kit/client-optimized/nodes/0.js': { file: 'layout.js', css: ['all.css'] },
	'kit/client-optimized/nodes/1.js': { file: 'error.js' },
	'kit/client-optimized/nodes/2.js': { file: 'home.js', imports: ['_shared', '_words'] },
	'kit/client-optimized/nodes/12.js': { file: 'vote.js' },
	'src/lib/wallet.ts': { file: 'wallet.js', assets: ['seal.svg', 'prover.js'] },
	_shared: { file: 'shared.js', imports: ['_words'] },
	_words: { file: 'words.js', imports: ['_shared'] }
};
const NODES = { '/': [0, 2] };
const BUDGET = { page: 'Home', routes: ['/'], lazily: ['/wallet.ts'], scripts: 10_000, all: 12_000 };
const LOADED = ['start', 'app', 'layout', 'error', 'home', 'wallet', 'shared', 'words'].map((name) => `${name}.js`);

describe('budgets', () => {
	let site: string;

	/** Bytes of chance, which no compression makes less. */
	const write = (file: string, length: number) => {
		mkdirSync(dirname(join(site, file)), { recursive: true });
		writeFileSync(join(site, file), randomBytes(length));
	};

	beforeEach(() => {
		site = mkdtempSync(join(tmpdir(), 'pollen-site-'));
		for (const file of [...LOADED, 'index.html', 'favicon.svg', 'all.css', 'seal.svg']) write(file, 100);
		// No part of the home page.
		for (const file of ['vote.js', 'prover.js']) write(file, 50_000);
	});

	afterEach(() => rmSync(site, { recursive: true }));

	const check = () => checkBudgets(site, [{ budget: BUDGET, files: filesOf(BUDGET, MANIFEST, NODES) }]);

	it('follow what a page imports, once each, and leave out workers and other pages', () => {
		expect(filesOf(BUDGET, MANIFEST, NODES).sort()).toEqual([...LOADED, 'all.css', 'seal.svg'].sort());
	});

	it('pass a page that keeps to its own, and say what it weighs', () => {
		expect(check()).toMatch(/^Home: 1\.\d KB of 10\.0 KB of JavaScript, 1\.\d KB/);
	});

	it('fail a page with too much script in something that it imports', () => {
		write('words.js', 10_000);
		expect(() => check()).toThrow(/over its budget[\s\S]*10\.\d KB +words\.js/);
	});

	it('fail a page with too much script in what it loads once it has started', () => {
		write('wallet.js', 10_000);
		expect(() => check()).toThrow(/over its budget/);
	});

	it.each(['index.html', 'all.css', 'seal.svg'])('fail a page whose %s is too much', (file) => {
		write(file, 12_000);
		expect(() => check()).toThrow(/over its budget/);
	});

	it('fail when what a page loads is not found in the build', () => {
		const { 'src/lib/wallet.ts': wallet, ...rest } = MANIFEST;
		expect(wallet).toBeDefined();
		expect(() => filesOf(BUDGET, rest, NODES)).toThrow(/0 entries that end in \/wallet\.ts/);
		expect(() => filesOf(BUDGET, MANIFEST, {})).toThrow(/no route \//);
	});

	it('allow the home page 90 KB of JavaScript and 150 KB in all', () => {
		expect(HOME).toMatchObject({ routes: ['/'], scripts: 90_000, all: 150_000 });
	});
});
