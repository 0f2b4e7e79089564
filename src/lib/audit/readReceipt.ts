import * as v from 'valibot';
import { isHash, type Hash } from '../bytes/hash';
import { blockFromJson, transactionFromJson, type TransactionJson } from '../election/json';
import { MAX_BLOCK_TRANSACTIONS, MAX_TITLE_LENGTH } from '../election/limits';
import { PollenError } from '../errors/pollenError';
import { parseAs } from '../bytes/parseAs';
import type { ReceiptFile } from './receiptFile';

/** Levels of the Merkle tree of a full block. */
const MAX_PATH = Math.ceil(Math.log2(MAX_BLOCK_TRANSACTIONS));

const hash = v.custom<Hash>(isHash, '64 lower-case hex digits');
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_BLOCK_TRANSACTIONS));

/** Whatever the rest of the code reads, and an ID or hash with it. */
function readBy<T>(read: (value: unknown) => unknown) {
	return v.pipe(
		v.unknown(),
		v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
			try {
				read(dataset.value);
				return dataset.value as T;
			} catch (error) {
				if (!(error instanceof PollenError)) throw error;
				addIssue({ message: error.message });
				return NEVER;
			}
		})
	);
}

const ballot = v.pipe(
	readBy<TransactionJson>(transactionFromJson),
	v.check(({ kind }) => kind === 'ballot', 'a ballot'),
	v.check(({ id }) => isHash(id), 'id: 64 lower-case hex digits')
);

const block = v.pipe(
	readBy<ReceiptFile['block']>((value) => {
		if (typeof value !== 'object' || value === null) throw new PollenError('bad-receipt', 'the header of a block');
		if ('transactions' in value) throw new PollenError('bad-receipt', 'the header of a block, without transactions');
		blockFromJson({ ...value, transactions: [] });
	}),
	v.check(({ hash }) => isHash(hash), 'hash: 64 lower-case hex digits')
);

const receiptSchema = v.strictObject({
	format: v.unknown(),
	version: v.unknown(),
	electionId: hash,
	title: v.pipe(v.string(), v.maxLength(2 * MAX_TITLE_LENGTH)),
	receiptCode: v.pipe(v.string(), v.maxLength(32)),
	nullifier: hash,
	ballot,
	block,
	inclusion: v.strictObject({
		index: count,
		leaves: count,
		path: v.pipe(v.array(hash), v.maxLength(MAX_PATH))
	})
});

/**
 * The members of a receipt, each of the right form.
 * @throws PollenError bad-receipt, naming the path
 */
export function readReceipt(value: unknown): Omit<ReceiptFile, 'format' | 'version'> {
	const { electionId, title, receiptCode, nullifier, ballot, block, inclusion } = parseAs(
		receiptSchema,
		value,
		'bad-receipt'
	);
	return { electionId, title, receiptCode, nullifier, ballot, block, inclusion };
}
