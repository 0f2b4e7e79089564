import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BALLOT_PAPER, checkBudgets, filesOf, HOME } from './budgets.js';
import { startByAddress } from './startByAddress.js';

const RENDER_HOME = fileURLToPath(new URL('renderHome.js', import.meta.url));

/**
 * Wraps adapter-static: after it wrote the site, its page is written anew with the words of the home page in it, and
 * what its pages load is held against their budgets.
 * @param {import('@sveltejs/kit').Adapter} adapter
 * @param {string} site the folder that the adapter writes to
 * @returns {import('@sveltejs/kit').Adapter}
 */
export function siteAdapter(adapter, site = 'build') {
	return {
		...adapter,
		async adapt(builder) {
			await adapter.adapt(builder);
			const rendered = execFileSync(process.execPath, [RENDER_HOME, builder.getServerDirectory()], {
				encoding: 'utf8',
				maxBuffer: 2 ** 24
			});
			const { html, nodesOf } = JSON.parse(rendered);
			const manifest = JSON.parse(readFileSync(join(builder.getClientDirectory(), '.vite/manifest.json'), 'utf8'));
			const home = filesOf(HOME, manifest, nodesOf);
			const ballotPaper = filesOf(BALLOT_PAPER, manifest, nodesOf);
			writeFileSync(join(site, 'index.html'), startByAddress(html, home, ballotPaper));
			const pages = [
				{ budget: HOME, files: home },
				{ budget: BALLOT_PAPER, files: ballotPaper }
			];
			builder.log(checkBudgets(site, pages));
		}
	};
}
