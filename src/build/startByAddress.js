import { createHash } from 'node:crypto';

const START = /kit\.start\(app, element, (\{[\s\S]*?\n\t*\})\);/;
const POLICY = /<meta http-equiv="content-security-policy"[^>]*>/;
const PRELOADS = /[\t ]*<link href="[^"]*" rel="modulepreload">\n/g;
const SCRIPTS = /<script>([\s\S]*?)<\/script>/g;
const SCRIPT_HASH = /'sha256-[A-Za-z0-9+/=]+'/;

/** Until Kit has started, another page than the first shows what all pages share, and if it takes long, a word. */
const STYLE = `<style>
	.elsewhere main > * { display: none; }
	.elsewhere main::before {
		content: 'Opening…';
		display: block;
		padding-block: 5rem;
		text-align: center;
		color: var(--soft);
		animation: settle 260ms ease-out 600ms backwards;
	}
</style>`;

/**
 * The one page of the site holds the words of the home page, so that they are read before any script has come, but is
 * opened by the addresses of all pages. This makes it look at its address: the home page shows its words and Kit takes
 * them over; at any other address they are not shown and Kit puts its page in their place. The policy gets the hashes of
 * the scripts as they then are.
 *
 * What both the home page and an election link load, the page asks for at once; the rest it asks for by its address, and
 * not when a script that was loaded finds that it needs it.
 * @param {string} html the home page as Kit prerendered it
 * @param {string[]} home the files that it loads
 * @param {string[]} ballotPaper and those that an election link loads
 * @returns {string}
 */
export function startByAddress(html, home, ballotPaper) {
	const start = START.exec(html);
	const policy = POLICY.exec(html)?.[0];
	if (!start || !policy || !SCRIPT_HASH.test(policy)) {
		throw new Error('index.html does not start as it used to: has Kit changed how it writes the page?');
	}
	const shared = home.filter((file) => ballotPaper.includes(file) && file.endsWith('.js'));
	/** @param {string[]} files */
	const rest = (files) =>
		JSON.stringify(files.filter((file) => !shared.includes(file) && !html.includes(`${file}" rel="stylesheet"`)));
	const head = [
		policy,
		STYLE,
		`<script>(${lookAtAddress})(${rest(home)}, ${rest(ballotPaper)});</script>`,
		...shared.map((file) => `<link href="./${file}" rel="modulepreload">`)
	].join('\n\t\t');
	const page = html
		.replace(PRELOADS, '')
		.replace(start[0], () => `startPollen(kit, app, element, ${start[1]});`)
		.replace(policy, () => head);
	const hashes = [...page.matchAll(SCRIPTS)].map(([, script = '']) => {
		return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
	});
	return page.replace(policy, () => policy.replace(SCRIPT_HASH, hashes.join(' ')));
}

/**
 * Runs in the head of the page, so before any of it is shown, and has no other code to call. What the visitor does
 * before the scripts are there is not lost: the first page's links are fragments, and a form that was sent is sent again. Kit
 * reads the address when it starts, and does not listen to it until its page is there: a link that is followed in between is
 * followed by loading the page anew.
 * @param {string[]} home files to ask for at the address of the home page
 * @param {string[]} ballotPaper and at that of a ballot paper
 */
function lookAtAddress(home, ballotPaper) {
	const { classList } = document.documentElement;
	/** @type {HTMLFormElement | undefined} */
	let sent;
	const isHome = () => location.hash === '' || location.hash === '#/';
	const look = () => classList.toggle('elsewhere', !isHome());
	/** @param {SubmitEvent} event */
	const keep = (event) => {
		event.preventDefault();
		sent = /** @type {HTMLFormElement} */ (event.target);
	};
	look();
	addEventListener('hashchange', look);
	addEventListener('submit', keep);

	const isBallotPaper = /^#\/election\/[^/?]+(\/vote)?([?#]|$)/.test(location.hash);
	for (const file of isHome() ? home : isBallotPaper ? ballotPaper : []) {
		const isStyle = file.endsWith('.css');
		const link = Object.assign(
			document.createElement('link'),
			isStyle ? { rel: 'preload', as: 'style' } : { rel: 'modulepreload' }
		);
		link.href = `./${file}`;
		document.head.append(link);
	}

	/**
	 * @param {{ start(app: unknown, target: Node, prerendered?: unknown): Promise<void> }} kit
	 * @param {unknown} app
	 * @param {HTMLElement} words holds the home page
	 * @param {unknown} prerendered what Kit needs to know to take it over
	 */
	const startPollen = async (kit, app, words, prerendered) => {
		removeEventListener('hashchange', look);
		/** @type {string | undefined} */
		let followed;
		const follow = () => void (followed = location.hash);
		addEventListener('hashchange', follow);
		if (classList.contains('elsewhere')) {
			const page = words.cloneNode();
			words.after(page);
			// An observer is told between the script that wrote the page and the next frame.
			new MutationObserver((_, observer) => {
				observer.disconnect();
				words.remove();
				classList.remove('elsewhere');
			}).observe(page, { childList: true });
			await kit.start(app, page);
		} else {
			await kit.start(app, words, prerendered);
		}
		performance.mark('pollen-started');
		removeEventListener('hashchange', follow);
		removeEventListener('submit', keep);
		if (followed !== undefined) {
			// Kit may have written the address that it started with.
			location.hash = followed;
			location.reload();
		}
		sent?.requestSubmit();
	};
	Object.assign(globalThis, { startPollen });
}
