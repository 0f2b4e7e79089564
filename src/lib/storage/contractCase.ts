import type { BlockHash, ElectionId, Nullifier } from '../bytes/hash';
import { PollenError } from '../errors/pollenError';
import type { NodeSlot, StoredReceipt, Wallet } from './port';

/** What every storage adapter must do: a plain function that throws. */
export interface StorageContractCase {
	readonly name: string;
	run(harness: StorageHarness): Promise<void>;
}

/** One adapter under test, empty at the start of each case. */
export interface StorageHarness {
	/** Opens the slot. After closing it, opening it again finds what was written: a restart of the tab. */
	openSlot(): Promise<NodeSlot>;
	openWallet(): Wallet;
	/** Lets `after` single puts pass and fails the next with an error of this name. Returns the undoing. */
	failPut(after: number, errorName: string): () => void;
	/** The same for deletions. */
	failDelete(after: number, errorName: string): () => void;
}

export const ELECTION_A = hash('a1') as ElectionId;
export const ELECTION_B = hash('b2') as ElectionId;

export function hash(byte: string): BlockHash {
	return byte.repeat(32) as BlockHash;
}

export function receipt(electionId: ElectionId, byte: string, castAt: number): StoredReceipt {
	return {
		electionId,
		nullifier: hash(byte) as Nullifier,
		voterId: 'VOID001',
		choices: [1, 255],
		transaction: Uint8Array.of(3, 9),
		castAt
	};
}

/** Deep equality of plain values; byte arrays are told from ordinary ones. */
export function same(actual: unknown, expected: unknown, what: string): void {
	const [found, wanted] = [describe(actual), describe(expected)];
	if (found !== wanted) throw new Error(`${what}: expected ${wanted}, got ${found}`);
}

function describe(value: unknown): string {
	return String(
		JSON.stringify(value, (_, item: unknown) => {
			if (item instanceof Uint8Array) return `bytes ${item.join(' ')}`;
			// Keys in one order, so that only their values count.
			if (typeof item === 'object' && item !== null && !Array.isArray(item)) {
				return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
			}
			return item;
		})
	);
}

export async function refuses(action: () => Promise<unknown>, code: PollenError['code']): Promise<void> {
	try {
		await action();
	} catch (error) {
		same(error instanceof PollenError ? error.code : String(error), code, 'code of the refusal');
		return;
	}
	throw new Error(`Expected a refusal with ${code}, but nothing was refused.`);
}
