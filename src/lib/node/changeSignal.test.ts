import { describe, expect, it } from 'vitest';
import { ChangeSignal } from './changeSignal';

describe('ChangeSignal', () => {
	it('calls everybody once for any number of changes, and again for later ones', async () => {
		const signal = new ChangeSignal();
		const calls = [0, 0];
		signal.subscribe(() => (calls[0] = (calls[0] ?? 0) + 1));
		const unsubscribe = signal.subscribe(() => (calls[1] = (calls[1] ?? 0) + 1));
		signal.fire();
		signal.fire();
		await Promise.resolve();
		expect(calls).toEqual([1, 1]);
		unsubscribe();
		signal.fire();
		await Promise.resolve();
		expect(calls).toEqual([2, 1]);
	});

	it('hears a change that a listener makes', async () => {
		const signal = new ChangeSignal();
		let calls = 0;
		signal.subscribe(() => {
			calls += 1;
			if (calls < 3) signal.fire();
		});
		signal.fire();
		for (let i = 0; i < 5; i++) await Promise.resolve();
		expect(calls).toBe(3);
	});
});
