import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * @typedef {object} Budget
 * @property {string} page
 * @property {string[]} routes that lead to it
 * @property {string[]} lazily modules that the page imports by itself once it has started
 * @property {number} scripts bytes of JavaScript, gzip
 * @property {number} all bytes of everything, gzip
 *
 * @typedef {Pick<import('vite').ManifestChunk, 'file' | 'imports' | 'css' | 'assets'>} Chunk
 */

/**
 * What the home page may load before the visitor acts. On a slow line of 1.6 Mbit/s that is half a second for the scripts
 * and less than one for everything.
 * @type {Budget}
 */
export const HOME = {
	page: 'Home',
	routes: ['/'],
	lazily: ['/node/walletAccess.ts'],
	scripts: 90_000,
	all: 150_000
};

/**
 * What an election link may load until the ballot paper can be filled in: a whole node and its way to other tabs, in a
 * good second of that line. What proves and verifies is not in it: workers load that, and the megabytes that it needs,
 * when there is something to prove.
 * @type {Budget}
 */
export const BALLOT_PAPER = {
	page: 'Ballot paper',
	routes: ['/election/[id]', '/election/[id]/vote'],
	lazily: ['/node/boot.ts', '/peerjs/dist/bundler.mjs'],
	scripts: 215_000,
	all: 240_000
};

/** What the browser loads with every page. */
const ALWAYS = ['index.html', 'favicon.svg'];

/** What Kit loads with every page: its start script, the application's list of routes, the root layout, the error page. */
const ENTRIES = ['/client/entry.js', '/app.js', '/nodes/0.js', '/nodes/1.js'];

/**
 * The scripts and styles that a page loads.
 * @param {Budget} budget
 * @param {Record<string, Chunk>} manifest of Vite
 * @param {Record<string, number[]>} nodesOf the nodes of every route, by which Kit names its modules
 * @returns {string[]}
 */
export function filesOf({ routes, lazily }, manifest, nodesOf) {
	const nodes = routes.flatMap((route) => {
		const found = nodesOf[route];
		if (!found) throw new Error(`the build has no route ${route}`);
		return found.map((node) => `/nodes/${node}.js`);
	});
	const modules = Object.keys(manifest);
	const entries = [...new Set([...ENTRIES, ...nodes, ...lazily])].flatMap((ending) => {
		const found = modules.filter((module) => module.endsWith(ending));
		if (found.length !== 1) throw new Error(`the build has ${found.length} entries that end in ${ending}, not one`);
		return found;
	});
	return closure(manifest, entries);
}

/**
 * The files of modules and of all that they import statically; not the workers that they start, which hold nothing up.
 * @param {Record<string, Chunk>} manifest
 * @param {string[]} modules
 */
function closure(manifest, modules) {
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
	return [...files];
}

/**
 * Throws if a page of the site is over its budget; otherwise returns a table of what they weigh.
 * @param {string} site the folder that holds it
 * @param {{ budget: Budget, files: string[] }[]} pages
 * @returns {string}
 */
export function checkBudgets(site, pages) {
	const weights = pages.map(({ budget, files }) => ({ budget, ...weigh(site, files) }));
	const table = weights.map(describeWeight).join('\n');
	const isOver = weights.some(({ budget, scripts, all }) => scripts > budget.scripts || all > budget.all);
	if (isOver) throw new Error(`A page is over its budget.\n${table}`);
	return table;
}

/**
 * @param {string} site
 * @param {string[]} files
 */
function weigh(site, files) {
	const parts = [...ALWAYS, ...files].map((file) => ({ file, bytes: gzipSync(readFileSync(join(site, file))).length }));
	parts.sort((one, other) => other.bytes - one.bytes);
	return { scripts: total(parts.filter(({ file }) => file.endsWith('.js'))), all: total(parts), parts };
}

/** @param {{ bytes: number }[]} parts */
const total = (parts) => parts.reduce((sum, { bytes }) => sum + bytes, 0);

/** @param {ReturnType<typeof weigh> & { budget: Budget }} weight */
function describeWeight({ budget, scripts, all, parts }) {
	const largest = parts.slice(0, 5).map(({ file, bytes }) => `\n  ${kilobytes(bytes).padStart(9)}  ${file}`);
	return (
		`${budget.page}: ${kilobytes(scripts)} of ${kilobytes(budget.scripts)} of JavaScript, ` +
		`${kilobytes(all)} of ${kilobytes(budget.all)} in all, gzip${largest.join('')}`
	);
}

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
