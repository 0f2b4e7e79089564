/** Keeps the last edits of a form while its page goes away, when there is no time left for a database. */
export interface DraftStash {
	load(): unknown;
	save(draft: unknown): void;
	clear(): void;
}

const KEY = 'pollen-unsaved-draft';

/**
 * In the tab's own session storage, which is written before the page is gone. It is full or forbidden in some browsers;
 * then the draft in the wallet is what there is, a moment older.
 */
export const tabStash: DraftStash = {
	load: () => {
		try {
			return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') ?? undefined;
		} catch {
			return undefined;
		}
	},
	save: (draft) => {
		try {
			sessionStorage.setItem(KEY, JSON.stringify(draft));
		} catch {
			// Nothing else can be done while the page goes away.
		}
	},
	clear: () => {
		try {
			sessionStorage.removeItem(KEY);
		} catch {
			// Where nothing can be removed, nothing was kept.
		}
	}
};
