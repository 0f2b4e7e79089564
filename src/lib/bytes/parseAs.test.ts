import * as v from 'valibot';
import { expect, it } from 'vitest';
import { PollenError } from '../errors/pollenError';
import { parseAs } from './parseAs';

const schema = v.object({ roll: v.array(v.object({ voterId: v.string('a text') })) });

it('returns the known fields and nothing else', () => {
	const value = { roll: [{ voterId: 'A', more: 1 }], other: true };
	expect(parseAs(schema, value, 'bad-record')).toEqual({ roll: [{ voterId: 'A' }] });
});

it('names the path of what is wrong, under the code that it is given', () => {
	const refused = new PollenError('bad-record', 'roll.1.voterId: a text');
	expect(() => parseAs(schema, { roll: [{ voterId: 'A' }, { voterId: 2 }] }, 'bad-record')).toThrow(refused);
});
