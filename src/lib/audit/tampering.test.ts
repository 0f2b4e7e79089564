import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fakeProofs } from '../../../tests/support/fakeProofs';
import { PollenError } from '../errors/pollenError';
import { parseRecord, type ElectionRecord } from './record';
import { auditWithFakes, failuresOf } from './testing/auditWithFakes';
import { enrolmentRecord, issuedRecord } from './testing/sampleRecord';
import { at, leavesOf, nudged, tampered } from './testing/tamper';

let enrolled: ElectionRecord;
let issued: ElectionRecord;

beforeAll(async () => {
	[enrolled, issued] = await Promise.all([enrolmentRecord(fakeProofs()), issuedRecord(fakeProofs())]);
});

/** What becomes of a record file in which one field was changed: how it is refused, or which checks fail. */
async function verdictOn(record: ElectionRecord, path: string, value: unknown): Promise<string[]> {
	try {
		const parsed = parseRecord(JSON.stringify(tampered(record, path, value)));
		return failuresOf(await auditWithFakes(parsed));
	} catch (error) {
		if (!(error instanceof PollenError)) throw error;
		return [`refused ${error.code} ${pathIn(error.message)}`];
	}
}

/** The path that a message begins with, without the words that follow. */
function pathIn(message: string): string {
	return /^(?:[\w.]+: )*/.exec(message)![0].replace(/: $/, '').replaceAll(': ', '.');
}

/** Another value of the same form. */
function other(value: unknown): unknown {
	if (typeof value === 'number') return value + 1;
	if (/^[0-9a-f]{64,}$/.test(String(value))) return nudged(value);
	return /^\d+$/.test(String(value)) ? String(Number(value) + 1) : `${String(value)}?`;
}

/** The definition is not the one of this ID. */
const DEFINITION = ['election-id@0 other-election', 'merkle-roots@0 bad-merkle-root'];
/** One enrolment less than the opening says, so that nothing after it holds. */
const ENROLMENT_LOST = ['phases@3 bad-group', 'tally bad-record'];
/** No opening, so that no ballot holds. */
const OPENING_LOST = ['phases@4 poll-not-open', 'tally bad-record'];
const BALLOT_LOST = ['merkle-roots@4 bad-merkle-root', 'proofs@4 bad-proof', 'tally bad-record'];
const HASH_1 = '0'.repeat(63) + '1';

type Row = readonly [path: string, value: ((old: unknown) => unknown) | undefined, failures: readonly string[]];
const to = (value: unknown) => () => value;

/** Every field of a record with enrolment, one of each kind. */
const FIELDS: readonly Row[] = [
	['format', to('pollen-receipt'), ['refused bad-record format']],
	['version', other, ['refused bad-record version']],
	['electionId', other, ['election-id@0 other-election']],

	['election.version', other, ['refused bad-record election.version']],
	['election.title', other, DEFINITION],
	['election.description', other, DEFINITION],
	['election.contests.0.title', other, [...DEFINITION, 'tally bad-record']],
	['election.contests.0.options.0', other, [...DEFINITION, 'tally bad-record']],
	// Its keys are no commitments.
	['election.eligibility', to('issued'), ['refused bad-record election']],
	['election.roll.0.voterId', other, DEFINITION],
	['election.roll.0.key', other, [...DEFINITION, 'signatures@1 bad-signature', ...ENROLMENT_LOST]],
	['election.organiser', other, [...DEFINITION, 'signatures@3 bad-signature', ...OPENING_LOST]],
	['election.opensAt', to('2025-01-01T00:01:15.000Z'), [...DEFINITION, ...OPENING_LOST]],
	['election.closesAt', to('2025-01-01T00:01:15.000Z'), [...DEFINITION, 'phases@6 poll-closed', 'tally bad-record']],
	['election.blockInterval', other, [DEFINITION[0]!, 'difficulty@3 bad-target', DEFINITION[1]!]],
	['election.initialDifficulty', other, [DEFINITION[0]!, 'difficulty@1 bad-target', DEFINITION[1]!]],
	['election.proofDepth', to(16), ['refused bad-record election']],

	['blocks.0.hash', other, ['links@0 bad-record']],
	['blocks.0.height', other, ['election-id@0 other-election', 'links@0 bad-height']],
	['blocks.0.previousHash', other, ['election-id@0 other-election', 'links@0 unknown-parent']],
	['blocks.0.merkleRoot', other, ['election-id@0 other-election', 'links@0 bad-record', DEFINITION[1]!]],
	['blocks.0.timestamp', other, ['election-id@0 other-election', 'links@0 bad-record']],
	['blocks.0.target', to(HASH_1), ['election-id@0 other-election', 'links@0 bad-record', 'difficulty@1 bad-target']],
	['blocks.0.nonce', other, ['election-id@0 other-election', 'links@0 bad-record']],
	['blocks.0.version', other, ['election-id@0 other-election', 'links@0 bad-encoding']],

	['blocks.4.hash', other, ['links@4 bad-record']],
	['blocks.4.height', other, ['links@4 bad-height']],
	['blocks.4.previousHash', other, ['links@4 unknown-parent']],
	['blocks.4.merkleRoot', other, ['links@4 bad-record', 'merkle-roots@4 bad-merkle-root']],
	['blocks.4.timestamp', other, ['links@4 bad-record', 'difficulty@6 bad-target']],
	['blocks.4.target', to(HASH_1), ['links@4 bad-record', 'work@4 bad-work', 'difficulty@4 bad-target']],
	['blocks.4.nonce', other, ['links@4 bad-record']],
	['blocks.4.version', other, ['links@4 bad-encoding']],

	['blocks.1.transactions.0.id', other, ['merkle-roots@1 bad-record']],
	['blocks.1.transactions.0.kind', to('ballot'), ['refused bad-record blocks.1.transactions.0.nullifier']],
	[
		'blocks.1.transactions.0.rollIndex',
		other,
		['merkle-roots@1 bad-merkle-root', 'signatures@1 bad-signature', ...ENROLMENT_LOST]
	],
	[
		'blocks.1.transactions.0.commitment',
		other,
		['merkle-roots@1 bad-merkle-root', 'signatures@1 bad-signature', ...ENROLMENT_LOST]
	],
	[
		'blocks.1.transactions.0.signature',
		other,
		['merkle-roots@1 bad-merkle-root', 'signatures@1 bad-signature', ...ENROLMENT_LOST]
	],

	['blocks.3.transactions.0.id', other, ['merkle-roots@3 bad-record']],
	['blocks.3.transactions.0.kind', to('closing'), ['refused bad-record blocks.3.transactions.0.height']],
	[
		'blocks.3.transactions.0.groupSize',
		other,
		['merkle-roots@3 bad-merkle-root', 'signatures@3 bad-signature', ...ENROLMENT_LOST]
	],
	[
		'blocks.3.transactions.0.groupRoot',
		other,
		['merkle-roots@3 bad-merkle-root', 'signatures@3 bad-signature', 'proofs@4 bad-proof', ...OPENING_LOST]
	],
	[
		'blocks.3.transactions.0.signature',
		other,
		['merkle-roots@3 bad-merkle-root', 'signatures@3 bad-signature', ...OPENING_LOST]
	],

	['blocks.4.transactions.0.id', other, ['merkle-roots@4 bad-record']],
	['blocks.4.transactions.0.kind', to('vote'), ['refused bad-record blocks.4.transactions.0.kind']],
	['blocks.4.transactions.0.nullifier', other, BALLOT_LOST],
	['blocks.4.transactions.0.choices.0', other, BALLOT_LOST],
	[
		'blocks.4.transactions.0.choices.1',
		to(2),
		[...BALLOT_LOST.slice(0, 2), 'phases@4 unknown-option', ...BALLOT_LOST.slice(2)]
	],
	['blocks.4.transactions.0.proof', other, BALLOT_LOST],

	['blocks.7.transactions.0.id', other, ['merkle-roots@7 bad-record']],
	['blocks.7.transactions.0.kind', to('opening'), ['refused bad-record blocks.7.transactions.0.groupSize']],
	[
		'blocks.7.transactions.0.height',
		other,
		['merkle-roots@7 bad-merkle-root', 'signatures@7 bad-signature', 'phases@7 unknown-block']
	],
	[
		'blocks.7.transactions.0.blockHash',
		other,
		['merkle-roots@7 bad-merkle-root', 'signatures@7 bad-signature', 'phases@7 unknown-block']
	],
	['blocks.7.transactions.0.signature', other, ['merkle-roots@7 bad-merkle-root', 'signatures@7 bad-signature']],

	['otherClosings.0.id', other, ['signatures bad-record']],
	['otherClosings.0.kind', to('opening'), ['refused bad-record otherClosings.0.groupSize']],
	['otherClosings.0.height', other, ['signatures bad-signature']],
	['otherClosings.0.blockHash', other, ['signatures bad-signature']],
	['otherClosings.0.signature', other, ['signatures bad-signature']],

	['results.contests.0.title', other, ['tally bad-record']],
	['results.contests.0.options.0.title', other, ['tally bad-record']],
	['results.contests.0.options.0.votes', other, ['tally bad-record']],
	['results.ballots', other, ['tally bad-record']],
	['results.eligible', other, ['tally bad-record']],
	['results.enrolled', other, ['tally bad-record']]
];

/** A field whatever it is a field of: `blocks.4.transactions.0.nullifier` and its like are one, for each kind of transaction. */
function fieldOf(record: ElectionRecord, path: string): string {
	const kind = /^(blocks\.\d+\.transactions\.\d+)\./.exec(path)?.[1];
	const name = path.replace(/\.\d+(?=\.|$)/g, '');
	return kind === undefined ? name : `${String(at(record, `${kind}.kind`))} ${name}`;
}

describe('a record in which one field was changed', () => {
	it.each(FIELDS)('%s', async (path, change, failures) => {
		expect(await verdictOn(enrolled, path, change?.(at(enrolled, path)))).toEqual(failures);
	});

	it('has no other fields than these', () => {
		const known = new Set(FIELDS.map(([path]) => fieldOf(enrolled, path)));
		expect(leavesOf(enrolled).filter((path) => !known.has(fieldOf(enrolled, path)))).toEqual([]);
		expect(leavesOf(issued).filter((path) => !known.has(fieldOf(issued, path)))).toEqual([]);
	});

	it('does not hold, whichever field of its kind it is', async () => {
		for (const record of [enrolled, issued]) {
			for (const path of leavesOf(record)) {
				expect([path, await verdictOn(record, path, other(at(record, path)))]).not.toEqual([path, []]);
			}
		}
	});

	it('does not hold when a member is missing or there is one more', async () => {
		for (const path of leavesOf(enrolled).filter((path) => !/\.\d+$/.test(path))) {
			expect(await verdictOn(enrolled, path, undefined)).toEqual([expect.stringMatching(/^refused bad-record/)]);
		}
		for (const path of ['election', 'blocks.1', 'blocks.1.transactions.0', 'results', 'results.contests.0']) {
			const more = { ...(at(enrolled, path) as object), more: 1 };
			expect(await verdictOn(enrolled, path, more)).toEqual([expect.stringMatching(/^refused bad-record/)]);
		}
	});

	it('names the transaction that was changed, as the record does', async () => {
		const record = tampered(enrolled, 'blocks.4.transactions.1.choices.0', 1);
		const { checks } = await auditWithFakes(record);
		const { hash, transactions } = enrolled.blocks[4]!;
		const where = { height: 4, blockHash: hash, transactionId: transactions[1]!.id };
		for (const name of ['merkle-roots', 'proofs']) {
			expect(checks.find(({ check }) => check === name)).toMatchObject({ wrong: 1, problem: where });
		}
	});
});

describe('a record with blocks or transactions more or less', () => {
	const without = (list: readonly unknown[], index: number) => list.filter((_, i) => i !== index);

	it.each([
		['a block less', 'blocks', () => without(enrolled.blocks, 5), 'links@5 bad-height'],
		['no genesis', 'blocks', () => without(enrolled.blocks, 0), 'election-id@0 other-election'],
		['two blocks swapped', 'blocks', () => enrolled.blocks.with(4, enrolled.blocks[5]!), 'links@4 bad-height'],
		[
			'a ballot less',
			'blocks.4.transactions',
			() => without(enrolled.blocks[4]!.transactions, 0),
			'merkle-roots@4 bad-merkle-root'
		],
		[
			'a ballot twice',
			'blocks.6.transactions',
			() => [...enrolled.blocks[6]!.transactions, ...enrolled.blocks[4]!.transactions],
			'nullifiers@6 duplicate-nullifier'
		],
		[
			'a ballot in the genesis',
			'blocks.0.transactions',
			() => enrolled.blocks[4]!.transactions,
			'merkle-roots@0 bad-merkle-root'
		],
		[
			'no option less',
			'results.contests.0.options',
			() => without(enrolled.results.contests[0]!.options, 2),
			'tally bad-record'
		],
		[
			'a contest more',
			'results.contests',
			() => [...enrolled.results.contests, { title: 'More', options: [] }],
			'tally bad-record'
		],
		['no blocks', 'blocks', () => [], 'refused bad-record blocks'],
		[
			'a ballot among the closings',
			'otherClosings',
			() => enrolled.blocks[4]!.transactions,
			'refused bad-record otherClosings.0.kind'
		]
	])('%s', async (_, path, value, failure) => {
		expect(await verdictOn(enrolled, path, value())).toContain(failure);
	});

	it('may lose its last blocks: that is an earlier state, but not one with this result', async () => {
		expect(await verdictOn(enrolled, 'blocks', enrolled.blocks.slice(0, 7))).toEqual([]);
		expect(await verdictOn(enrolled, 'blocks', enrolled.blocks.slice(0, 6))).toEqual(['tally bad-record']);
	});
});

describe('a record in which any one character was changed', () => {
	const anyCharacter = fc.oneof(
		fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
		fc.constantFrom('', '\n', '\0', 'é', '\uD800')
	);

	it('is refused, fails a check, or says the same as before', async () => {
		for (const record of [enrolled, issued]) {
			const text = JSON.stringify(record);
			await fc.assert(
				fc.asyncProperty(fc.nat(text.length - 1), anyCharacter, fc.boolean(), async (index, character, replaces) => {
					const changed = text.slice(0, index) + character + text.slice(replaces ? index + 1 : index);
					let parsed: ElectionRecord;
					try {
						parsed = parseRecord(changed);
					} catch (error) {
						expect(error).toMatchObject({ name: 'PollenError', code: 'bad-record' });
						return;
					}
					const { valid } = await auditWithFakes(parsed);
					if (valid) expect(parsed).toEqual(record);
				}),
				{ numRuns: 300 }
			);
		}
	});
});
