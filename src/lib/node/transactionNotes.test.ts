import { describe, expect, it } from 'vitest';
import type { TransactionId } from '../bytes/hash';
import { TransactionNotes } from './transactionNotes';

const id = (number: number) => String(number).padStart(64, '0') as TransactionId;

describe('what is noted of a transaction and a peer', () => {
	it('is what each kind of message says, and adds up', () => {
		const notes = new TransactionNotes(10);
		const about = (number: number) => [notes.isTold(id(number)), notes.isHeld(id(number)), notes.isSent(id(number))];
		notes.noteTold(id(1));
		notes.noteAnnounced(id(2));
		notes.noteReceived(id(3));
		notes.noteSent(id(4));
		expect([1, 2, 3, 4, 5].map(about)).toEqual([
			[true, false, false],
			[true, true, false],
			[false, true, false],
			[false, true, true],
			[false, false, false]
		]);
		notes.noteTold(id(4));
		expect(about(4)).toEqual([true, true, true]);
	});

	it('can be forgotten, for one transaction or for all that were sent', () => {
		const notes = new TransactionNotes(10);
		for (const number of [1, 2]) notes.noteSent(id(number));
		notes.forget(id(1));
		notes.forgetSent();
		expect([notes.isHeld(id(1)), notes.isHeld(id(2)), notes.isSent(id(2))]).toEqual([false, true, false]);
	});

	it('is forgotten beyond a limit, the oldest first', () => {
		const notes = new TransactionNotes(3);
		for (const number of [1, 2, 3, 4]) notes.noteTold(id(number));
		expect([1, 2, 3, 4].map((number) => notes.isTold(id(number)))).toEqual([false, true, true, true]);
	});
});
