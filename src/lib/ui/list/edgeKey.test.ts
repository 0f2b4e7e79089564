import { describe, expect, it } from 'vitest';
import { edgeOfKey } from './edgeKey';

const pressed = (key: string, ...held: ('altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey')[]) => {
	const none = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
	return edgeOfKey({ ...none, ...Object.fromEntries(held.map((name) => [name, true])), key });
};

describe('edgeOfKey', () => {
	it('knows the keys that go to the top and the end of a page', () => {
		expect([pressed('Home'), pressed('Home', 'ctrlKey'), pressed('ArrowUp', 'metaKey')]).toEqual(['top', 'top', 'top']);
		const ends = [pressed('End'), pressed('End', 'ctrlKey'), pressed('ArrowDown', 'metaKey')];
		expect(ends).toEqual(['bottom', 'bottom', 'bottom']);
	});

	it('leaves every other key to the browser', () => {
		const others = [
			pressed('ArrowDown'),
			pressed('PageDown'),
			pressed('End', 'shiftKey'),
			pressed('Home', 'altKey'),
			pressed('End', 'metaKey'),
			pressed('ArrowDown', 'ctrlKey', 'metaKey')
		];
		expect(others).toEqual(others.map(() => undefined));
	});
});
