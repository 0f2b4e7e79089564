import { describe, expect, it } from 'vitest';
import { ballotsWithCode, comparableCodes } from './codeSearch';

const ballots = ['0A1B-2C3D-4E5F', 'ZZZZ-2C3D-9999', '1111-1111-1110'].map((receiptCode) => ({ receiptCode }));
const found = (typed: string) =>
	ballotsWithCode(ballots, comparableCodes(ballots), typed).map((ballot) => ballots.indexOf(ballot));

describe('ballotsWithCode', () => {
	it('finds a ballot by its whole code, however it is typed', () => {
		for (const typed of ['0A1B-2C3D-4E5F', '0a1b2c3d4e5f', ' 0a1b 2c3d 4e5f ', 'oalb–2c3d–4e5f']) {
			expect(found(typed), typed).toEqual([0]);
		}
	});

	it('finds ballots by any part, also across a hyphen, in chain order', () => {
		expect(found('2C3D')).toEqual([0, 1]);
		expect(found('b2')).toEqual([0]);
		expect(found('d-9')).toEqual([1]);
	});

	it('finds nothing where there is nothing, and all while nothing is sought', () => {
		expect(found('U')).toEqual([]);
		expect(found('')).toEqual([0, 1, 2]);
		expect(found(' - ')).toEqual([0, 1, 2]);
	});
});
