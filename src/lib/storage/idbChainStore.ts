import type { BlockHash, ElectionId } from '../bytes/hash';
import { compactBytes } from './compactBytes';
import { MAX_STORED_PEERS } from './limits';
import type { NodeDatabase, NodeSchema } from './nodeDatabase';
import type { ChainChange, ChainStore, Durability, StoredBlock, StoredTransaction } from './port';
import { sealKey, sealWith, type Seal } from './seal';
import { closedError } from './storageError';

/** A {@link ChainStore} in the IndexedDB database of a slot, which it shares with the slot's other elections. */
export class IdbChainStore implements ChainStore {
	readonly #database: NodeDatabase;
	readonly #electionId: ElectionId;
	#seal: Promise<Seal> | undefined;
	#closed = false;

	constructor(database: NodeDatabase, electionId: ElectionId) {
		this.#database = database;
		this.#electionId = electionId;
	}

	async loadDefinition(): Promise<Uint8Array | undefined> {
		this.#assertOpen();
		return this.#database.read(['definitions'], (tx) => tx.objectStore('definitions').get(this.#electionId));
	}

	async saveDefinition(definition: Uint8Array): Promise<void> {
		this.#assertOpen();
		await this.#database.write(['definitions'], 'strict', (store) => {
			store('definitions').put(compactBytes(definition), this.#electionId);
		});
	}

	async loadChain(): Promise<{ tip: BlockHash | undefined; blocks: StoredBlock[] }> {
		this.#assertOpen();
		const seal = await this.#sealing();
		// Tip and blocks in one transaction, so that they are of one moment.
		const [tip, rows] = await this.#database.read(['tips', 'blocks'], (tx) =>
			Promise.all([
				tx.objectStore('tips').get(this.#electionId),
				tx.objectStore('blocks').index('inChainOrder').getAll(ownKeys(this.#electionId))
			])
		);
		return { tip, blocks: rows.map((row) => toBlock(row, seal)) };
	}

	async loadBlock(hash: BlockHash): Promise<StoredBlock | undefined> {
		this.#assertOpen();
		const row = await this.#database.read(['blocks'], (tx) => tx.objectStore('blocks').get([this.#electionId, hash]));
		return row && toBlock(row, await this.#sealing());
	}

	async loadTransactions(): Promise<StoredTransaction[]> {
		this.#assertOpen();
		const rows = await this.#database.read(['transactions'], (tx) =>
			tx.objectStore('transactions').index('inOrderOfArrival').getAll(ownKeys(this.#electionId))
		);
		return rows.map(({ id, bytes, receivedAt }) => ({ id, bytes, receivedAt }));
	}

	async commit(change: ChainChange, durability: Durability): Promise<void> {
		this.#assertOpen();
		const electionId = this.#electionId;
		const seal = await this.#sealing();
		await this.#database.write(['blocks', 'tips', 'transactions'], durability, (store) => {
			for (const hash of change.deleteBlocks ?? []) store('blocks').delete([electionId, hash]);
			for (const block of change.putBlocks ?? []) store('blocks').put(blockRow(electionId, block, seal));
			for (const id of change.deleteTransactions ?? []) store('transactions').delete([electionId, id]);
			for (const transaction of change.putTransactions ?? []) {
				store('transactions').put(transactionRow(electionId, transaction));
			}
			if (change.tip !== undefined) store('tips').put(change.tip, electionId);
		});
	}

	async loadPeers(): Promise<string[]> {
		this.#assertOpen();
		const peers = await this.#database.read(['peers'], (tx) => tx.objectStore('peers').get(this.#electionId));
		return [...(peers ?? [])];
	}

	async savePeers(peerIds: readonly string[]): Promise<void> {
		this.#assertOpen();
		await this.#database.write(['peers'], 'relaxed', (store) => {
			store('peers').put(peerIds.slice(0, MAX_STORED_PEERS), this.#electionId);
		});
	}

	async clear(): Promise<void> {
		this.#assertOpen();
		const electionId = this.#electionId;
		await this.#database.write(['blocks', 'tips', 'transactions', 'definitions', 'peers'], 'strict', (store) => {
			store('blocks').delete(ownKeys(electionId));
			store('transactions').delete(ownKeys(electionId));
			store('tips').delete(electionId);
			store('definitions').delete(electionId);
			store('peers').delete(electionId);
		});
	}

	/** The database belongs to the slot, which closes it; only this store stops answering. */
	close(): void {
		this.#closed = true;
	}

	#sealing(): Promise<Seal> {
		if (this.#seal) return this.#seal;
		const sealing = sealKey(this.#database).then((key) => sealWith(key, this.#electionId));
		this.#seal = sealing;
		sealing.catch(() => (this.#seal = undefined));
		return sealing;
	}

	#assertOpen(): void {
		if (this.#closed) throw closedError();
	}
}

/** All keys that begin with this election: an array sorts after every number and string, an empty one before others. */
function ownKeys(electionId: ElectionId): IDBKeyRange {
	return IDBKeyRange.bound([electionId], [electionId, []]);
}

function blockRow(electionId: ElectionId, block: StoredBlock, seal: Seal): NodeSchema['blocks']['value'] {
	const { hash, height, bytes, arrival, valid } = block;
	const row = { electionId, hash, height, bytes: compactBytes(bytes), arrival, valid };
	return valid ? { ...row, seal: seal(hash) } : row;
}

function transactionRow(electionId: ElectionId, transaction: StoredTransaction): NodeSchema['transactions']['value'] {
	const { id, bytes, receivedAt } = transaction;
	return { electionId, id, bytes: compactBytes(bytes), receivedAt };
}

function toBlock(row: NodeSchema['blocks']['value'], seal: Seal): StoredBlock {
	const { hash, height, bytes, arrival, valid } = row;
	return {
		hash,
		height,
		bytes,
		arrival,
		// When it is asked for: the seals of a whole chain at once would hold up the page.
		get valid() {
			return valid && row.seal === seal(hash);
		}
	};
}
