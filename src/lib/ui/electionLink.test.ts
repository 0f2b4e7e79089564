import { describe, expect, it } from 'vitest';
import { electionHref, electionLink, peerOf, readInvitation } from './electionLink';

const ID = '0f'.repeat(32);

describe('readInvitation', () => {
	it.each([
		[`https://votes.example/app/#/election/${ID}?peer=a-b-c`, 'a-b-c'],
		[`#/election/${ID}/results?peer=a-b-c`, 'a-b-c'],
		[`  http://localhost:4173/#/election/${ID.toUpperCase()}  `, undefined],
		[`https://votes.example/#/election/${ID}/vote`, undefined],
		[`https://votes.example/#/election/${ID}?peer=%22%3E`, undefined],
		[ID, undefined]
	])('reads %s as an election', (text, peer) => {
		expect(readInvitation(text)).toEqual({ kind: 'election', electionId: ID, peer });
	});

	it('reads a peer ID', () => {
		const peer = '3f6c1c2e-94f1-4f4b-8b0a-2d1f6c0e9a77';
		expect(readInvitation(` ${peer} `)).toEqual({ kind: 'peer', peer });
	});

	it.each(['', '   ', 'https://votes.example/', '<script>', `#/election/${ID.slice(2)}`, 'x'.repeat(65), '-a-'])(
		'refuses %j',
		(text) => {
			expect(readInvitation(text)).toBeUndefined();
		}
	);
});

describe('peerOf', () => {
	it('finds the peer inside the fragment', () => {
		expect(peerOf(`#/election/${ID}?peer=abc-1`)).toBe('abc-1');
		expect(peerOf(`#/election/${ID}/chain?peer=abc-1#block-3`)).toBe('abc-1');
	});

	it.each(['', '#/', `#/election/${ID}`, `#/election/${ID}?peer=`, `#/election/${ID}?peer=%3Cb%3E`])(
		'finds none in %j',
		(fragment) => {
			expect(peerOf(fragment)).toBeUndefined();
		}
	);
});

describe('electionLink', () => {
	it('makes what readInvitation reads', () => {
		const link = electionLink('https://votes.example/app/', ID, 'p-1');
		expect(link).toBe(`https://votes.example/app/#/election/${ID}?peer=p-1`);
		expect(readInvitation(link)).toEqual({ kind: 'election', electionId: ID, peer: 'p-1' });
	});

	it('leaves out what is not known', () => {
		expect(electionLink('http://x/', ID, undefined)).toBe(`http://x/#/election/${ID}`);
		expect(electionHref(ID, 'chain')).toBe(`#/election/${ID}/chain`);
	});
});
