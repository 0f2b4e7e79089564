import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../errors/pollenError';
import { blockDisposition, transactionDisposition } from './disposition';

describe('dispositions', () => {
	const own = ['storage-full', 'storage-failed', 'worker-failed'];

	it('of a header or block: only time and order are forgiven, and what this device lacks', () => {
		const by = (disposition: string) => ERROR_CODES.filter((code) => blockDisposition(code) === disposition).toSorted();
		expect(by('defer')).toEqual(['future-time', 'unknown-parent']);
		expect(by('ignore')).toEqual(own.toSorted());
	});

	it('of a pending ballot: what depends on clock and mempool is forgiven', () => {
		const ignored = ERROR_CODES.filter((code) => transactionDisposition(code) === 'ignore').toSorted();
		expect(ignored).toEqual(['duplicate-nullifier', 'poll-closed', 'poll-not-open', ...own].toSorted());
	});
});
