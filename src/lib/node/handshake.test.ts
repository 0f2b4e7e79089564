import { describe, expect, it } from 'vitest';
import { ZERO_HASH, type ElectionId } from '../bytes/hash';
import type { PollenError } from '../errors/pollenError';
import type { Hello } from '../wire/messages';
import { checkHello } from './handshake';

describe('checkHello', () => {
	const hello = (electionId: string, protocol = 1) => ({ electionId, protocol }) as unknown as Hello;
	const [one, two] = ['ab'.repeat(32), 'cd'.repeat(32)] as [ElectionId, ElectionId];
	const codeOf = (own: Hello, peer: Hello) => {
		try {
			checkHello(own, peer);
			return undefined;
		} catch (error) {
			return (error as PollenError).code;
		}
	};

	it('asks for the same protocol and the same election, and lets those in who have none yet', () => {
		expect(codeOf(hello(one), hello(one))).toBeUndefined();
		expect(codeOf(hello(one), hello(two))).toBe('other-election');
		expect(codeOf(hello(one), hello(ZERO_HASH))).toBeUndefined();
		expect(codeOf(hello(ZERO_HASH), hello(two))).toBeUndefined();
		expect(codeOf(hello(one), hello(one, 2))).toBe('other-protocol');
		expect(codeOf(hello(one), hello(two, 2))).toBe('other-protocol');
	});
});
