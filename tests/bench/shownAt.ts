import type { Tab } from '../e2e/support/tab';

/** A tab looks at its status so often: this is how fine the figures are. */
const LOOK_MS = 4;
/** A ballot may travel in the quiet for half a minute. */
const TIMEOUT_MS = 120_000;

/** When this tab's status showed a value, by the clock of the machine, which all tabs have in common. */
export async function shownAt({ page }: Tab, key: 'tip' | 'pending', value: string | number): Promise<number> {
	return await page.evaluate(
		([key, value, lookMs, timeoutMs]) =>
			new Promise<number>((resolve, reject) => {
				const startedAt = Date.now();
				const look = setInterval(() => {
					const isShown = globalThis.pollen!.status()[key] === value;
					if (!isShown && Date.now() - startedAt < timeoutMs) return;
					clearInterval(look);
					if (isShown) resolve(Date.now());
					else reject(new Error('a block or ballot did not arrive'));
				}, lookMs);
			}),
		[key, value, LOOK_MS, TIMEOUT_MS] as const
	);
}
