import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const INLINE_SCRIPT = /<script>([\s\S]*?)<\/script>/;
const SCRIPT_HASH = /'sha256-[A-Za-z0-9+/=]+'/;

/**
 * Makes the built page work under any base path. With the hash router the one page is written by Kit as a fallback page,
 * whose addresses begin with a slash because a fallback may be served for any path; ours is only ever served for its own.
 * The hash of the inline start script in the Content-Security-Policy is renewed.
 * @param {string} html
 * @returns {string}
 */
export function relocate(html) {
	const relative = html.replaceAll('"/_app/', '"./_app/').replaceAll('"/favicon', '"./favicon');
	const script = INLINE_SCRIPT.exec(relative)?.[1];
	if (script === undefined || !SCRIPT_HASH.test(relative)) {
		throw new Error('index.html has no inline start script or no hash of it: has Kit changed how it writes the page?');
	}
	const hash = createHash('sha256').update(script).digest('base64');
	return relative.replace(SCRIPT_HASH, `'sha256-${hash}'`);
}

/**
 * Wraps adapter-static: after it wrote the site, the page is relocated.
 * @param {import('@sveltejs/kit').Adapter} adapter
 * @param {string} pages the folder that the adapter writes to
 * @returns {import('@sveltejs/kit').Adapter}
 */
export function relocatable(adapter, pages = 'build') {
	return {
		...adapter,
		async adapt(builder) {
			await adapter.adapt(builder);
			const page = join(pages, 'index.html');
			writeFileSync(page, relocate(readFileSync(page, 'utf8')));
		}
	};
}
