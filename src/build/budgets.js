import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * @typedef {object} Budget
 * @property {string} page
 * @property {string} route
 * @property {string[]} lazily modules that the page imports by itself once it has started
 * @property {number} scripts bytes of JavaScript, gzip
 * @property {number} all bytes of everything, gzip
 *
 * @typedef {Pick<import('vite').ManifestChunk, 'file' | 'imports' | 'css' | 'assets'>} Chunk
 * @typedef {{ page: string, scripts: number, all: number, parts: { file: string, bytes: number }[] }} Weight
 */

/**
 * What a page may load before the visitor acts.
 * @type {Budget[]}
 */
export const BUDGETS = [
	// Half a second of a slow line (Slow 4G, 1.6 Mbit/s) for the scripts, and less than one for all of it.
	{ page: 'Home', route: '/', lazily: ['src/lib/node/walletAccess.ts'], scripts: 90_000, all: 150_000 },
	// A whole node, without what proves and verifies: that is 250 KB more, which workers load when there is something to
	// prove. One second of the same line.
	{
		page: 'Ballot paper',
		route: '/election/[id]/vote',
		lazily: ['src/lib/node/boot.ts'],
		scripts: 200_000,
		all: 230_000
	}
];

/** What the browser loads with every page. */
const ALWAYS = ['index.html', 'favicon.svg'];

/** What Kit loads with every page: its start script, the application's list of routes, the root layout, the error page. */
const ENTRIES = ['/client/entry.js', '/app.js', '/nodes/0.js', '/nodes/1.js'];

/**
 * Throws if a page of the site is over its budget; otherwise returns a table of what they weigh.
 * @param {string} site the folder that holds it
 * @param {Record<string, Chunk>} manifest of Vite
 * @param {Record<string, number[]>} nodesOf the nodes of every route, by which Kit names its modules
 * @param {Budget[]} budgets
 * @returns {string}
 */
export function checkBudgets(site, manifest, nodesOf, budgets = BUDGETS) {
	/** @param {string} file */
	const bytesOf = (file) => gzipSync(readFileSync(join(site, file))).length;
	const lines = [];
	let isOver = false;
	for (const budget of budgets) {
		const modules = entriesOf(budget, manifest, nodesOf);
		const { scripts, all, parts } = weigh(filesOf(manifest, modules), bytesOf);
		isOver ||= scripts > budget.scripts || all > budget.all;
		lines.push(
			`${budget.page}: ${against(scripts, budget.scripts)} of JavaScript, ${against(all, budget.all)} in all, gzip`,
			...parts.slice(0, 5).map(({ file, bytes }) => `  ${kilobytes(bytes).padStart(9)}  ${file}`)
		);
	}
	if (isOver) throw new Error(`A page is over its budget.\n${lines.join('\n')}`);
	return lines.join('\n');
}

/**
 * @param {Budget} budget
 * @param {Record<string, Chunk>} manifest
 * @param {Record<string, number[]>} nodesOf
 */
function entriesOf({ route, lazily }, manifest, nodesOf) {
	const endings = [...ENTRIES, ...(nodesOf[route] ?? []).map((node) => `/nodes/${node}.js`), ...lazily];
	return endings.map((ending) => {
		const found = Object.keys(manifest).filter((module) => module.endsWith(ending));
		if (found.length !== 1) throw new Error(`the build has ${found.length} entries that end in ${ending}, and not one`);
		return /** @type {string} */ (found[0]);
	});
}

/**
 * The files of modules and of all that they import statically; not the workers that they start, which hold nothing up.
 * @param {Record<string, Chunk>} manifest
 * @param {string[]} modules
 * @returns {Set<string>}
 */
export function filesOf(manifest, modules) {
	const reached = new Set(modules);
	/** @type {Set<string>} */
	const files = new Set();
	for (const module of reached) {
		const chunk = manifest[module];
		if (!chunk) throw new Error(`the build has no ${module}`);
		for (const imported of chunk.imports ?? []) reached.add(imported);
		const assets = chunk.assets?.filter((file) => !file.endsWith('.js')) ?? [];
		for (const file of [chunk.file, ...(chunk.css ?? []), ...assets]) files.add(file);
	}
	return files;
}

/**
 * @param {Set<string>} files
 * @param {(file: string) => number} bytesOf
 */
function weigh(files, bytesOf) {
	const parts = [...ALWAYS, ...files]
		.map((file) => ({ file, bytes: bytesOf(file) }))
		.sort((one, other) => other.bytes - one.bytes);
	const scripts = parts.filter(({ file }) => file.endsWith('.js'));
	return { scripts: total(scripts), all: total(parts), parts };
}

/** @param {{ bytes: number }[]} parts */
const total = (parts) => parts.reduce((sum, { bytes }) => sum + bytes, 0);

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

/**
 * @param {number} bytes
 * @param {number} budget
 */
const against = (bytes, budget) => `${kilobytes(bytes)} of ${kilobytes(budget)}`;
