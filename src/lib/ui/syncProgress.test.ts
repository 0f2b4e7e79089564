import { expect, it } from 'vitest';
import { syncProgress } from './syncProgress';

const view = { state: 'blocks', done: 120, total: 1_400, ballots: 300, msLeft: 125_000 } as const;

it('says how far catching up is, as far as that can be said', () => {
	expect(syncProgress(view, 'en')).toBe('Block 120 of 1,400, 300 ballots so far, about 2 minutes left');
	expect(syncProgress({ ...view, ballots: 1, msLeft: undefined }, 'en')).toBe('Block 120 of 1,400, 1 ballot so far');
	expect(syncProgress({ ...view, ballots: 0, msLeft: 900 }, 'en')).toBe('Block 120 of 1,400, a few seconds left');
	expect(syncProgress({ ...view, state: 'headers', done: 0, total: 0 }, 'en')).toBe('Asking peers for blocks');
});
