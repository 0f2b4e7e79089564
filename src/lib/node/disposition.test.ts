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

	it('of a pending transaction: what depends on clock, chain and mempool is forgiven', () => {
		const ignored = ERROR_CODES.filter((code) => transactionDisposition(code) === 'ignore').toSorted();
		const byChain = ['poll-closed', 'poll-not-open', 'enrolment-closed', 'already-open', 'already-closed', 'bad-group'];
		const byOthers = [
			'duplicate-nullifier',
			'duplicate-commitment',
			'already-enrolled',
			'group-too-small',
			'unknown-block'
		];
		expect(ignored).toEqual([...byChain, ...byOthers, ...own].toSorted());
	});
});
