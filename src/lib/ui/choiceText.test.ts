import { describe, expect, it } from 'vitest';
import type { Election } from '../election/definition';
import { choiceText } from './choiceText';

const election = {
	contests: [
		{ title: 'Mayor', options: ['Ada', 'Bo'] },
		{ title: 'Bridge', options: ['Yes', 'No'] }
	]
} as unknown as Election;

describe('choiceText', () => {
	it('names the option of each contest', () => {
		expect(choiceText(election, [1, 0])).toBe('Bo, Yes');
	});

	it('reads 255 and missing choices as blank', () => {
		expect(choiceText(election, [0, 255])).toBe('Ada, left blank');
		expect(choiceText(election, [])).toBe('left blank, left blank');
	});
});
