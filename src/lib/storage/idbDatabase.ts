import { openDB, unwrap, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import { PollenError } from '../errors/pollenError';
import { BLOCKED_TIMEOUT_MS } from './limits';
import type { Durability } from './port';
import { closedError, storageError } from './storageError';

export interface DatabaseOptions<Schema extends DBSchema> {
	readonly name: string;
	readonly version: number;
	/** Brings a database of version `oldVersion` (0: new) to `version`. */
	upgrade(database: IDBPDatabase<Schema>, oldVersion: number): void;
	/** How long to wait for tabs with an older version to let go. */
	readonly blockedTimeoutMs?: number;
}

/**
 * One IndexedDB database, opened by the first call and opened again by the next call after the connection was lost. A
 * connection is lost when the browser terminates it (the profile's disk went away, or its data was cleared), or when we
 * close it ourselves because another tab wants to upgrade or delete the database.
 */
export class IdbDatabase<Schema extends DBSchema> {
	readonly #options: DatabaseOptions<Schema>;
	#connection: Promise<IDBPDatabase<Schema>> | undefined;
	#closed = false;

	constructor(options: DatabaseOptions<Schema>) {
		this.#options = options;
	}

	/** Runs `body` in a read-only transaction. `body` may await nothing but IndexedDB. */
	async read<T, Names extends StoreNames<Schema>>(
		stores: Names[],
		body: (transaction: IDBPTransaction<Schema, Names[], 'readonly'>) => Promise<T>
	): Promise<T> {
		try {
			const transaction = await this.#begin((database) => database.transaction(stores, 'readonly'));
			// A failed read rejects its own promise, which says more than the transaction's.
			transaction.done.catch(() => undefined);
			return await body(transaction);
		} catch (error) {
			throw storageError(error);
		}
	}

	/**
	 * Runs `body` in a read-write transaction: everything it asked for is written, or nothing. `body` is synchronous and
	 * gets plain IndexedDB stores, because a write needs no answer: whatever goes wrong with one of them aborts the
	 * transaction, and the transaction's own end is what is awaited. A quota error shows only there.
	 */
	async write<Names extends StoreNames<Schema>>(
		stores: Names[],
		durability: Durability,
		body: (store: (name: Names) => IDBObjectStore) => void
	): Promise<void> {
		try {
			const transaction = await this.#begin((database) => database.transaction(stores, 'readwrite', { durability }));
			const plain = unwrap(transaction);
			try {
				body((name) => plain.objectStore(name as string));
			} catch (error) {
				// The abort rejects `done` with an error that says less than the one at hand.
				transaction.done.catch(() => undefined);
				plain.abort();
				throw error;
			}
			await transaction.done;
		} catch (error) {
			throw storageError(error);
		}
	}

	/**
	 * Runs `body` in a read-write transaction whose writes depend on what it reads there: no other tab can write in
	 * between. Resolves with what `body` does, once all of it is written. `body` may await nothing but IndexedDB.
	 */
	async update<T, Names extends StoreNames<Schema>>(
		stores: Names[],
		durability: Durability,
		body: (transaction: IDBPTransaction<Schema, Names[], 'readwrite'>) => Promise<T>
	): Promise<T> {
		try {
			const transaction = await this.#begin((database) => database.transaction(stores, 'readwrite', { durability }));
			transaction.done.catch(() => undefined);
			const result = await body(transaction).catch((error: unknown) => {
				// Requests of a transaction that the browser aborts say AbortError; why it did, only the transaction says.
				const reason = transaction.error ?? error;
				abortIfRunning(transaction);
				throw reason;
			});
			await transaction.done;
			return result;
		} catch (error) {
			throw storageError(error);
		}
	}

	/** Lets go of the database for good; later calls reject with storage-failed. */
	close(): void {
		this.#closed = true;
		this.#release();
	}

	/** A connection can be closing without having said so; then `transaction` throws, and one new connection is tried. */
	async #begin<T>(start: (database: IDBPDatabase<Schema>) => T): Promise<T> {
		try {
			return start(await this.#open());
		} catch (error) {
			if (!(error instanceof Error) || error.name !== 'InvalidStateError') throw error;
			this.#release();
			return start(await this.#open());
		}
	}

	#open(): Promise<IDBPDatabase<Schema>> {
		if (this.#closed) return Promise.reject(closedError());
		if (this.#connection) return this.#connection;
		const connection = this.#connect(() => {
			if (this.#connection === connection) this.#release();
		});
		this.#connection = connection;
		// A failed attempt must not answer every later call as well.
		connection.catch(() => {
			if (this.#connection === connection) this.#connection = undefined;
		});
		return connection;
	}

	#connect(onLost: () => void): Promise<IDBPDatabase<Schema>> {
		const { name, version, upgrade, blockedTimeoutMs = BLOCKED_TIMEOUT_MS } = this.#options;
		return new Promise((resolve, reject) => {
			let givenUp = false;
			let timeout: ReturnType<typeof setTimeout> | undefined;
			const opening = openDB<Schema>(name, version, {
				upgrade,
				blocked() {
					timeout = setTimeout(() => {
						givenUp = true;
						reject(new PollenError('storage-failed', `Another tab holds an older version of ${name} open.`));
					}, blockedTimeoutMs);
				},
				blocking: onLost,
				terminated: onLost
			});
			opening.then(
				(database) => {
					clearTimeout(timeout);
					if (givenUp) database.close();
					else resolve(database);
				},
				(error: unknown) => {
					clearTimeout(timeout);
					reject(error as Error);
				}
			);
		});
	}

	#release(): void {
		const connection = this.#connection;
		this.#connection = undefined;
		connection?.then(
			(database) => database.close(),
			() => undefined
		);
	}
}

function abortIfRunning(transaction: { abort(): void }): void {
	try {
		transaction.abort();
	} catch {
		// It has ended already.
	}
}
