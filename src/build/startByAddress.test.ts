import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startByAddress } from './startByAddress.js';

const POLICY = `<meta http-equiv="content-security-policy" content="script-src 'self' 'sha256-b2xk'; style-src 'self'">`;
const PAGE = `<html><head>
	${POLICY}
	<link href="./app.js" rel="modulepreload">
	<link href="./home.js" rel="modulepreload">
	<link href="./all.css" rel="stylesheet">
</head><body><div>words $& <script>
	Promise.all([import("./start.js")]).then(([kit, app]) => {
		kit.start(app, element, {
			node_ids: [0, 3],
			data: [null,null]
		});
	});
</script></div></body></html>`;

const start = (html: string) =>
	startByAddress(html, ['app.js', 'home.js', 'all.css'], ['app.js', 'vote.js', 'all.css', 'vote.css']);
const scriptsOf = (html: string) => [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((script) => script[1]!);

describe('startByAddress', () => {
	it('hashes every inline script of the page as it then is, and keeps the rest of the policy', () => {
		const html = start(PAGE);
		const hashes = scriptsOf(html).map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
		expect(hashes).toHaveLength(2);
		expect(html).toContain(`content="script-src 'self' ${hashes.join(' ')}; style-src 'self'"`);
	});

	it('looks at the address before anything of the page is there', () => {
		const html = start(PAGE);
		const look = html.indexOf('<script>');
		expect(look).toBeGreaterThan(html.indexOf('http-equiv'));
		expect(look).toBeLessThan(html.indexOf('rel="stylesheet"'));
	});

	it('keeps the words and hands what Kit needs to take them over to the start', () => {
		const html = start(PAGE);
		expect(html).toContain('words $& ');
		expect(scriptsOf(html)[1]).toMatch(
			/startPollen\(kit, app, element, \{\s+node_ids: \[0, 3\],\s+data: \[null,null\]\s+\}\);/
		);
		expect(html).not.toContain('kit.start(app, element');
	});

	it('asks at once for what both pages load, and for the rest by the address', () => {
		const html = start(PAGE);
		expect([...html.matchAll(/<link href="(.*)" rel="modulepreload">/g)].map(([, file]) => file)).toEqual(['./app.js']);
		expect(scriptsOf(html)[0]).toMatch(/\}\)\(\["home\.js"\], \["vote\.js","vote\.css"\]\);$/);
	});

	it.each([
		['policy', PAGE.replace(POLICY, '')],
		['hash', PAGE.replace("'sha256-b2xk'", '')],
		['start', PAGE.replace('kit.start', 'kit.begin')]
	])('refuses a page without its %s', (_, html) => {
		expect(() => start(html)).toThrow(/has Kit changed/);
	});
});
