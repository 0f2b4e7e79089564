import { expect, test } from 'vitest';
import { isPeerId, randomPeerId } from './peerId';

test('random IDs are p and 20 hex digits, all of them used', () => {
	expect(randomPeerId((bytes) => bytes.fill(0x0a))).toBe('p0a0a0a0a0a0a0a0a0a0a');
	const ids = Array.from({ length: 200 }, () => randomPeerId());
	for (const id of ids) expect(id).toMatch(/^p[0-9a-f]{20}$/);
	expect(new Set(ids).size).toBe(ids.length);
	expect(isPeerId(ids[0])).toBe(true);
});

test.each(['p1', 'A', 'a-b_c', 'pollen-0123456789abcdef01234567-3', 'x'.repeat(64)])('%j is a peer ID', (text) => {
	expect(isPeerId(text)).toBe(true);
});

test.each(['', ' ', '-a', 'a-', 'a--b', 'a b', 'a/b', 'a?b', 'a&b', 'ä', 'a\n', 'x'.repeat(65), undefined, 7, null])(
	'%j is none',
	(text) => {
		expect(isPeerId(text)).toBe(false);
	}
);
