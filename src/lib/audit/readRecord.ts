import * as v from 'valibot';
import { isHash, type Hash } from '../bytes/hash';
import { electionSchema } from '../election/electionSchema';
import { blockFromJson, transactionFromJson, type BlockJson, type TransactionJson } from '../election/json';
import type { Results } from '../election/tally';
import { PollenError } from '../errors/pollenError';
import { parseAs } from '../bytes/parseAs';
import type { ElectionRecord } from './record';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const results = v.strictObject({
	contests: v.array(
		v.strictObject({
			title: v.string(),
			options: v.array(v.strictObject({ title: v.string(), votes: count }))
		})
	),
	ballots: count,
	eligible: count,
	enrolled: count
}) satisfies v.GenericSchema<unknown, Results>;

const envelope = v.strictObject({
	format: v.unknown(),
	version: v.unknown(),
	electionId: v.custom<Hash>(isHash, '64 lower-case hex digits'),
	election: electionSchema,
	blocks: v.pipe(v.array(v.unknown()), v.minLength(1, 'at least the genesis block')),
	otherClosings: v.array(v.unknown()),
	results
});

/**
 * The members of a record, each of the right form.
 * @throws PollenError bad-record, naming the path
 */
export function readRecord(value: unknown): Omit<ElectionRecord, 'format' | 'version'> {
	const { electionId, election, blocks, otherClosings, results } = parseAs(envelope, value, 'bad-record');
	return {
		electionId,
		election,
		blocks: blocks.map((block, height) => at(`blocks.${height}`, () => readBlock(block))),
		otherClosings: otherClosings.map((closing, index) => at(`otherClosings.${index}`, () => readClosing(closing))),
		results
	};
}

/** A block whose `hash` and `id` members are hashes too, which a block that is only read for its content need not have. */
function readBlock(value: unknown): BlockJson {
	blockFromJson(value);
	const block = value as BlockJson;
	requireHash('hash', block.hash);
	block.transactions.forEach(({ id }, index) => requireHash(`transactions.${index}.id`, id));
	return block;
}

function readClosing(value: unknown): TransactionJson {
	const { kind } = transactionFromJson(value);
	if (kind !== 'closing') throw new PollenError('bad-record', `kind: a closing, not ${kind}`);
	const closing = value as TransactionJson;
	requireHash('id', closing.id);
	return closing;
}

function requireHash(path: string, value: unknown): void {
	if (!isHash(value)) throw new PollenError('bad-record', `${path}: 64 lower-case hex digits`);
}

function at<T>(path: string, read: () => T): T {
	try {
		return read();
	} catch (cause) {
		if (!(cause instanceof PollenError)) throw cause;
		throw new PollenError('bad-record', `${path}: ${cause.message}`, { cause });
	}
}
