import fc from 'fast-check';
import { concatBytes } from '../../src/lib/bytes/compare';

/**
 * One way of damaging bytes, as plain data, so that a failure can be kept in the corpus. Positions are fractions of the
 * length, so that a mutation means something for every input, and shrinks.
 */
export type Mutation =
	| { readonly kind: 'flip'; readonly at: number; readonly bit: number }
	| { readonly kind: 'number'; readonly at: number; readonly width: 1 | 2 | 4 | 8; readonly value: number }
	| { readonly kind: 'cut'; readonly at: number }
	| { readonly kind: 'insert'; readonly at: number; readonly bytes: readonly number[] }
	| { readonly kind: 'remove'; readonly at: number; readonly count: number }
	| { readonly kind: 'repeat'; readonly at: number; readonly count: number }
	| { readonly kind: 'splice'; readonly at: number; readonly from: number };

const byte = fc.integer({ min: 0, max: 255 });
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const few = fc.integer({ min: 1, max: 40 });

/** Values that lengths, counts and other numbers go wrong at, cut to the width that they are written with. */
const edge = fc.constantFrom(
	0,
	1,
	2,
	0x7f,
	0x80,
	0xff,
	0x100,
	0x3e9,
	0x7fff,
	0xffff,
	0x10000,
	0x40001,
	0x7fffffff,
	0xffffffff
);

export const anyMutation: fc.Arbitrary<Mutation> = fc.oneof(
	fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.integer({ min: 0, max: 7 }) }),
	fc.record({
		kind: fc.constant('number' as const),
		at: place,
		width: fc.constantFrom(1 as const, 2 as const, 4 as const, 8 as const),
		value: fc.oneof(edge, fc.nat())
	}),
	fc.record({ kind: fc.constant('cut' as const), at: place }),
	fc.record({
		kind: fc.constant('insert' as const),
		at: place,
		bytes: fc.array(byte, { minLength: 1, maxLength: 40 })
	}),
	fc.record({ kind: fc.constant('remove' as const), at: place, count: few }),
	fc.record({ kind: fc.constant('repeat' as const), at: place, count: few }),
	fc.record({ kind: fc.constant('splice' as const), at: place, from: place })
);

export const someMutations = fc.array(anyMutation, { minLength: 1, maxLength: 4 });

/** @param other valid bytes of the same kind, of which a splice takes the rest */
export function mutated(input: Uint8Array, mutations: readonly Mutation[], other: Uint8Array = input): Uint8Array {
	return mutations.reduce<Uint8Array>((bytes, mutation) => apply(mutation, bytes, other), Uint8Array.from(input));
}

function apply(mutation: Mutation, bytes: Uint8Array, other: Uint8Array): Uint8Array {
	const at = Math.floor(mutation.at * (bytes.length + 1));
	const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
	switch (mutation.kind) {
		case 'flip':
			return bytes.map((value, index) => (index === at ? value ^ (1 << mutation.bit) : value));
		case 'number':
			return concatBytes(head, numberBytes(mutation.value, mutation.width), tail.subarray(mutation.width));
		case 'cut':
			return head.slice();
		case 'insert':
			return concatBytes(head, Uint8Array.from(mutation.bytes), tail);
		case 'remove':
			return concatBytes(head, tail.subarray(mutation.count));
		case 'repeat':
			return concatBytes(head, tail.subarray(0, mutation.count), tail);
		case 'splice':
			return concatBytes(head, other.subarray(Math.floor(mutation.from * (other.length + 1))));
	}
}

function numberBytes(value: number, width: number): Uint8Array {
	const bytes = new Uint8Array(8);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
	return bytes.subarray(8 - width);
}

/** What stands in JSON where something else should. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
	fc.constantFrom<unknown>(null, true, -1, 0.5, 1e300, 2 ** 53, '', '\0', '\ud800', [], {}, [[]], 'ff'.repeat(32)),
	fc.jsonValue({ maxDepth: 2 })
);

export interface JsonChange {
	/** Which value, in order of a walk through all of them, as a fraction. */
	readonly at: number;
	readonly how: 'replace' | 'remove' | 'add' | 'repeat';
	readonly value: unknown;
}

export const anyJsonChange: fc.Arbitrary<JsonChange> = fc.record({
	at: place,
	how: fc.constantFrom('replace' as const, 'remove' as const, 'add' as const, 'repeat' as const),
	value: oddValue
});

/** The JSON with one of its values changed, removed or doubled, or another added beside it. */
export function changedJson(text: string, { at, how, value }: JsonChange): string {
	const root: { value: unknown } = { value: JSON.parse(text) };
	const places: { holder: Record<string, unknown> | unknown[]; key: string }[] = [];
	const walk = (holder: Record<string, unknown> | unknown[]) => {
		for (const key of Object.keys(holder)) {
			places.push({ holder, key });
			const inner = (holder as Record<string, unknown>)[key];
			if (typeof inner === 'object' && inner !== null) walk(inner as Record<string, unknown>);
		}
	};
	walk(root);
	const chosen = places[Math.floor(at * places.length)];
	if (!chosen) return text;
	const { holder, key } = chosen;
	const record = holder as Record<string, unknown>;
	if (how === 'replace') record[key] = value;
	else if (how === 'repeat') {
		if (Array.isArray(holder)) holder.splice(Number(key), 0, structuredClone(record[key]));
		else record[`${key}2`] = record[key];
	} else if (how === 'add') {
		if (Array.isArray(holder)) holder.splice(Number(key), 0, value);
		// As JSON.parse would make it: an own member, whatever its name.
		else Object.defineProperty(holder, '__proto__', { value, enumerable: true, configurable: true });
	} else if (Array.isArray(holder)) holder.splice(Number(key), 1);
	else Reflect.deleteProperty(record, key);
	return JSON.stringify(root.value) ?? '';
}
