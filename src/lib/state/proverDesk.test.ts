import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PollenError } from '../errors/pollenError';
import type { PollenNode } from '../node/api';
import type { FetchProgress } from '../proofs/port';
import { ProverDesk } from './proverDesk.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

function setUp() {
	const calls: { tell: (loaded: number) => void; resolve: () => void; reject: (error: Error) => void }[] = [];
	const prepareProver = vi.fn<PollenNode['prepareProver']>(
		(onProgress) =>
			new Promise((resolve, reject) => {
				calls.push({ tell: (loaded) => onProgress?.({ loaded, total: 4 } satisfies FetchProgress), resolve, reject });
			})
	);
	return { desk: new ProverDesk({ prepareProver }), prepareProver, calls };
}

describe('ProverDesk', () => {
	it('gets everything ready once, however often it is asked', async () => {
		const { desk, prepareProver, calls } = setUp();
		const opening = [desk.open(), desk.open()];
		calls[0]?.resolve();
		await Promise.all(opening);
		await desk.open();
		expect(prepareProver).toHaveBeenCalledTimes(1);
	});

	it('tells how much is here while something is to come, and calls it slow after a second', async () => {
		const { desk, calls } = setUp();
		const opening = desk.open();
		expect(desk).toMatchObject({ progress: undefined, isSlow: false });
		calls[0]?.tell(1);
		expect(desk).toMatchObject({ progress: { loaded: 1, total: 4 }, isSlow: false });
		vi.advanceTimersByTime(1_000);
		expect(desk.isSlow).toBe(true);
		calls[0]?.tell(4);
		expect(desk.progress).toBeUndefined();
		calls[0]?.resolve();
		await opening;
		expect(desk.isSlow).toBe(false);
	});

	it('says nothing of a failure, and tries again when it is asked again', async () => {
		const { desk, prepareProver, calls } = setUp();
		const opening = desk.open();
		calls[0]?.tell(1);
		calls[0]?.reject(new PollenError('artifact-unreachable'));
		await opening;
		expect(desk).toMatchObject({ progress: undefined, isSlow: false });
		void desk.open();
		expect(prepareProver).toHaveBeenCalledTimes(2);
	});
});

describe('opening when idle', () => {
	beforeEach(() => void vi.stubGlobal('navigator', {}));

	it('waits for the page to rest', () => {
		const { desk, prepareProver } = setUp();
		const requestIdle = vi.fn<(callback: () => void) => number>(() => 7);
		const cancelIdle = vi.fn();
		vi.stubGlobal('requestIdleCallback', requestIdle);
		vi.stubGlobal('cancelIdleCallback', cancelIdle);
		const cancel = desk.openWhenIdle();
		expect(prepareProver).not.toHaveBeenCalled();
		requestIdle.mock.calls[0]?.[0]();
		expect(prepareProver).toHaveBeenCalledTimes(1);
		cancel();
		expect(cancelIdle).toHaveBeenCalledWith(7);
	});

	it('waits a while where nothing tells when it rests, and can be called off', () => {
		const { desk, prepareProver } = setUp();
		const cancel = desk.openWhenIdle();
		cancel();
		vi.advanceTimersByTime(10_000);
		expect(prepareProver).not.toHaveBeenCalled();
		desk.openWhenIdle();
		vi.advanceTimersByTime(10_000);
		expect(prepareProver).toHaveBeenCalledTimes(1);
	});

	it('waits for a choice when the visitor saves data', () => {
		vi.stubGlobal('navigator', { connection: { saveData: true } });
		const { desk, prepareProver } = setUp();
		desk.openWhenIdle();
		vi.advanceTimersByTime(10_000);
		expect(prepareProver).not.toHaveBeenCalled();
		void desk.open();
		expect(prepareProver).toHaveBeenCalledTimes(1);
	});
});
