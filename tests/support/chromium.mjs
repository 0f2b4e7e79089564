import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const SYSTEM_BROWSERS = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/usr/bin/google-chrome-stable',
	'/opt/google/chrome/chrome',
	'/snap/bin/chromium',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
	'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
];

/**
 * The path of a Chromium on this machine: `CHROMIUM_PATH` if set, Playwright's own, or a system browser.
 * @returns {string | undefined}
 */
export function findChromium() {
	const candidates = [process.env.CHROMIUM_PATH, chromium.executablePath(), ...SYSTEM_BROWSERS];
	return candidates.find((path) => path && existsSync(path));
}

/**
 * What Playwright switches off (see its chromiumSwitches for the reasons). Repeated here, since only the last argument of a name counts.
 */
const PLAYWRIGHT_DISABLES = [
	'AvoidUnnecessaryBeforeUnloadCheckSync',
	'DestroyProfileOnBrowserClose',
	'HttpsUpgrades',
	'HttpsFirstBalancedModeAutoEnable',
	'LensOverlay',
	'MediaRouter',
	'PaintHolding',
	'ThirdPartyStoragePartitioning',
	'AvoidCorsURLLoaderRestartOnRedirect',
	'TcpPortRandomizationWin',
	'OptimizationHints',
	'NetworkTimeServiceQuerying',
	'AimEnabled',
	'PreconnectToSearch'
];

/**
 * The suggestions below the address bar: two web pages in every window, though nobody sees it. To start them takes more than twice the
 * processor time that opening an empty page takes without them.
 */
const ADDRESS_BAR = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'];

/** Arguments for every browser that is launched here, beside those that Playwright gives. */
export const CHROMIUM_ARGS = [`--disable-features=${[...PLAYWRIGHT_DISABLES, ...ADDRESS_BAR].join(',')}`];

/** Commands that may install a Chromium, tried in this order until one is there. */
const INSTALLERS = [
	['apt-get', ['update']],
	['apt-get', ['install', '-y', '--no-install-recommends', 'chromium']],
	['npx', ['playwright', 'install', 'chromium']]
];

/**
 * Finds a Chromium, or installs one: Debian's package when we may, Playwright's download otherwise.
 * @returns {string}
 */
export function ensureChromium() {
	for (const [command, args] of INSTALLERS) {
		const found = findChromium();
		if (found) return found;
		try {
			execFileSync(/** @type {string} */ (command), /** @type {string[]} */ (args), { stdio: 'inherit' });
		} catch {
			console.error(`"${command}" did not work here.`);
		}
	}
	const found = findChromium();
	if (found) return found;
	throw new Error('No Chromium was found and none could be installed. Install one, or set CHROMIUM_PATH to it.');
}

if (import.meta.filename === process.argv[1]) console.log(`Chromium: ${ensureChromium()}`);
