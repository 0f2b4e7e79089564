import { build, type Plugin } from 'vite';
import { describe, expect, it } from 'vitest';
import { proverInWorkers } from './proverInWorkers.ts';

/** A page whose script imports a module of this path. */
function pageOf(path: string): Plugin {
	return {
		name: 'page',
		resolveId: (id) => (id === 'entry' || id === path ? id : undefined),
		load: (id) => (id === 'entry' ? `import ${JSON.stringify(path)}` : id === path ? 'console.log(1)' : undefined)
	};
}

const buildPage = (path: string) =>
	build({
		configFile: false,
		logLevel: 'silent',
		plugins: [pageOf(path), proverInWorkers()],
		build: { write: false, rolldownOptions: { input: 'entry' } }
	});

describe('proverInWorkers', () => {
	it.each(['snarkjs', 'ffjavascript'])('fails a build whose page holds %s', async (name) => {
		const path = `/site/node_modules/${name}/main.js`;
		await expect(buildPage(path)).rejects.toThrow(`${path} is part of`);
	});

	it('lets other modules be', async () => {
		await expect(buildPage('/site/node_modules/idb/main.js')).resolves.toBeDefined();
	});
});
