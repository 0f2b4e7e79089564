import { describe, expect, it } from 'vitest';
import type { PeerId } from '../network/port';
import { MAX_BOOK, MAX_BOOK_FAILURES, MAX_HEARD_FROM_ONE, MAX_WORTH_DIALLING, RETRY_MS } from './limits';
import { PeerBook } from './peerBook';

const ids = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}${i}` as PeerId);
const [A, B, C] = ids('p', 3) as [PeerId, PeerId, PeerId];
const anybody = () => true;

/** Numbers that take turns through [0, 1). */
function dice(): () => number {
	let roll = 0;
	return () => (roll = (roll + 0.382) % 1);
}

/** Everybody whom the book may give, in many tries. */
function chosen(book: PeerBook, now = 0, isFree: (peerId: PeerId) => boolean = anybody): Set<PeerId> {
	const all = Array.from({ length: 2_000 }, () => book.choose(now, isFree));
	return new Set(all.filter((peerId) => peerId !== undefined));
}

describe('PeerBook', () => {
	it('gives whom it knows and who is free, and nobody when it knows of nobody', () => {
		const book = new PeerBook(dice());
		expect(book.choose(0, anybody)).toBeUndefined();
		book.noteLinked(A);
		book.hear(A, [B, C, B]);
		expect(chosen(book)).toEqual(new Set([A, B, C]));
		expect(chosen(book, 0, (peerId) => peerId !== B)).toEqual(new Set([A, C]));
	});

	it('leaves a peer that failed alone for a while, longer each time, prefers others, and forgets it in the end', () => {
		const book = new PeerBook(() => 0);
		book.noteLinked(A);
		book.noteFailure(A, 0);
		expect(book.choose(RETRY_MS.first - 1, anybody)).toBeUndefined();
		expect(book.nextDueAt(anybody)).toBe(RETRY_MS.first);
		expect(book.choose(RETRY_MS.first, anybody)).toBe(A);
		book.noteFailure(A, 0);
		expect(book.nextDueAt(anybody)).toBe(2 * RETRY_MS.first);
		book.noteLinked(B);
		expect(chosen(book, 1_000_000)).toEqual(new Set([B]));
		for (let failure = 2; failure < MAX_BOOK_FAILURES; failure++) book.noteFailure(A, 0);
		expect(book.has(A)).toBe(true);
		book.noteFailure(A, 0);
		expect(book.has(A)).toBe(false);
	});

	it('begins anew with a peer once it was linked again, and with all when it is told to', () => {
		const book = new PeerBook(() => 0);
		book.noteLinked(A);
		book.noteFailure(A, 0);
		book.noteLinked(A);
		expect(book.choose(0, anybody)).toBe(A);
		book.noteFailure(A, 0);
		book.forgive();
		expect(book.choose(0, anybody)).toBe(A);
	});

	it('remembers those it was linked to, newest first, and a bounded number of them', () => {
		const book = new PeerBook(dice());
		const many = ids('l', MAX_WORTH_DIALLING + 5);
		for (const peerId of many) book.noteLinked(peerId);
		expect(book.worthDialling()).toEqual(many.slice(5).toReversed());
		book.hear(A, [B]);
		expect(book.worthDialling()).not.toContain(B);
		book.noteLinked(B);
		expect(book.worthDialling()[0]).toBe(B);
		book.forget(B);
		expect(book.worthDialling()).not.toContain(B);
	});

	it('gives one liar a small share, and no better chance to be believed than anybody', () => {
		const book = new PeerBook(dice());
		book.hear(A, [C]);
		for (let round = 0; round < 50; round++) book.hear(B, ids(`lie${round}x`, MAX_HEARD_FROM_ONE));
		expect(book.size).toBe(MAX_HEARD_FROM_ONE + 1);
		const picks = Array.from({ length: 1_000 }, () => book.choose(0, anybody));
		expect(picks.filter((peerId) => peerId === C).length).toBeGreaterThan(400);
	});

	it('is bounded in all; those who tell most lose first, never those it was linked to', () => {
		const book = new PeerBook(dice());
		const linked = ids('l', MAX_WORTH_DIALLING);
		for (const peerId of linked) book.noteLinked(peerId);
		book.hear(A, [C]);
		for (const liar of ids('liar', 40)) book.hear(liar, ids(`${liar}x`, MAX_HEARD_FROM_ONE));
		expect(book.size).toBe(MAX_BOOK);
		expect(book.worthDialling()).toHaveLength(MAX_WORTH_DIALLING);
		expect(book.has(C)).toBe(true);
	});

	it('lets nobody take over what another told', () => {
		const book = new PeerBook(dice());
		book.hear(A, [C]);
		book.hear(B, [C, ...ids('lie', 2 * MAX_HEARD_FROM_ONE)]);
		expect(book.has(C)).toBe(true);
		expect(book.size).toBe(MAX_HEARD_FROM_ONE + 1);
	});
});
