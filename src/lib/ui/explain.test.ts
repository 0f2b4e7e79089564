import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../errors/pollenError';
import { explain, explainStep } from './explain';

describe('explain', () => {
	it.each(ERROR_CODES)('has a plain sentence for %s', (code) => {
		const sentence = explain(code);
		expect(sentence).toMatch(/^[A-Z].*\.$/);
		// The code is for the console; a voter reads words.
		expect(sentence).not.toContain(code.includes('-') ? code : `'${code}'`);
	});

	it('says something different for every code', () => {
		expect(new Set(ERROR_CODES.map(explain)).size).toBe(ERROR_CODES.length);
	});

	it('keeps the words that the issue asks for', () => {
		expect(explain('signalling-unreachable')).toContain('Voting and mining still work');
		expect(explain('no-choice')).toContain('No option chosen');
		expect(explain('unknown-peer')).toContain('Peer not found');
	});

	it('covers what the form itself can miss', () => {
		expect(explain('no-voter-id')).toBe('Enter your voter ID.');
		expect(explain('no-code')).toBe('Enter your voting code.');
	});
});

describe('explainStep', () => {
	it('has words for each step of opening an election', () => {
		const steps = (['page', 'storage', 'definition', 'node'] as const).map(explainStep);
		expect(new Set(steps).size).toBe(4);
		for (const words of steps) expect(words).toMatch(/^[A-Z].*[^.…]$/);
	});
});
