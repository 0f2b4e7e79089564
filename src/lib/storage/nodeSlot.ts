import type { ElectionId } from '../bytes/hash';
import { PollenError } from '../errors/pollenError';
import { IdbChainStore } from './idbChainStore';
import { MAX_SLOTS } from './limits';
import { nodeDatabase, storedSlots } from './nodeDatabase';
import { askForPersistence } from './persistentStorage';
import type { NodeSlot } from './port';

const PREFERRED_KEY = 'pollen-node';
const LABEL_KEY = 'label';

/**
 * A reload may run before the browser has let go of the page before it. Waiting this long for the slot we had keeps the
 * chain we had; a duplicated tab, whose copy of the preference is taken for good, starts that much later.
 */
const PREFERRED_WAIT_MS = 300;

export interface SlotEnvironment {
	/** Undefined outside a secure context. */
	readonly locks: Pick<LockManager, 'request'> | undefined;
	/** Undefined where the browser keeps no session storage for this page. */
	readonly session: Pick<Storage, 'getItem' | 'setItem'> | undefined;
	readonly preferredWaitMs?: number;
}

/**
 * Claims the first free slot of this browser profile for this tab, beginning with the one it had before, and holds it
 * until `close` or the end of the tab. Rejects with insecure-context where there are no Web Locks, storage-failed when
 * every slot is taken.
 */
export async function claimNodeSlot(environment: SlotEnvironment = browserEnvironment()): Promise<NodeSlot> {
	const { locks, session } = environment;
	if (!locks) throw insecureContext();
	const { index, release } = await claimIndex(locks, preferredIndex(session), environment.preferredWaitMs);
	rememberIndex(session, index);
	askForPersistence();
	const database = nodeDatabase(index);
	return {
		index,
		async loadLabel() {
			return (await database.read(['settings'], (tx) => tx.objectStore('settings').get(LABEL_KEY))) ?? '';
		},
		async saveLabel(label) {
			await database.write(['settings'], 'relaxed', (store) => {
				store('settings').put(label, LABEL_KEY);
			});
		},
		openChain: (electionId) => new IdbChainStore(database, electionId),
		close() {
			database.close();
			release();
		}
	};
}

/**
 * Deletes what the slots that no living tab holds keep of an election: definition, chain, pending transactions, peers. A
 * slot in use is passed over, whichever election its tab has open. Rejects with insecure-context, storage-failed.
 */
export async function forgetChains(
	electionId: ElectionId,
	locks: SlotEnvironment['locks'] = browserEnvironment().locks
): Promise<void> {
	if (!locks) throw insecureContext();
	for (const index of await storedSlots()) {
		const claim = await claimLock(locks, index, { ifAvailable: true });
		if (!claim) continue;
		const database = nodeDatabase(index);
		try {
			await new IdbChainStore(database, electionId).clear();
		} finally {
			database.close();
			claim.release();
		}
	}
}

interface Claim {
	readonly index: number;
	release(): void;
}

async function claimIndex(
	locks: Pick<LockManager, 'request'>,
	preferred: number | undefined,
	preferredWaitMs: number = PREFERRED_WAIT_MS
): Promise<Claim> {
	if (preferred !== undefined) {
		const claim = await claimLock(locks, preferred, { signal: AbortSignal.timeout(preferredWaitMs) });
		if (claim) return claim;
	}
	for (let index = 0; index < MAX_SLOTS; index++) {
		const claim = await claimLock(locks, index, { ifAvailable: true });
		if (claim) return claim;
	}
	throw new PollenError('storage-failed', `All ${MAX_SLOTS} slots of this browser profile are taken.`);
}

/** Resolves once the lock is ours or refused; the lock itself is held until `release`. */
function claimLock(
	locks: Pick<LockManager, 'request'>,
	index: number,
	options: LockOptions
): Promise<Claim | undefined> {
	return new Promise((resolve, reject) => {
		const holding = locks.request(`pollen-node-${index}`, options, (lock) => {
			if (!lock) return resolve(undefined);
			return new Promise<void>((release) => resolve({ index, release }));
		});
		holding.catch((error: unknown) => {
			// The signal ran out: somebody living has this slot. Anything else is the browser refusing locks at all.
			if (options.signal?.aborted) resolve(undefined);
			else reject(new PollenError('storage-failed', 'The browser refused a Web Lock.', { cause: error }));
		});
	});
}

function insecureContext(): PollenError {
	return new PollenError('insecure-context', 'Web Locks need a secure context (HTTPS or localhost).');
}

function preferredIndex(session: SlotEnvironment['session']): number | undefined {
	const text = session?.getItem(PREFERRED_KEY);
	const index = Number(text);
	return text && Number.isInteger(index) && index >= 0 && index < MAX_SLOTS ? index : undefined;
}

function rememberIndex(session: SlotEnvironment['session'], index: number): void {
	try {
		session?.setItem(PREFERRED_KEY, String(index));
	} catch {
		// A full or forbidden session storage costs only the preference.
	}
}

function browserEnvironment(): SlotEnvironment {
	return { locks: globalThis.navigator?.locks, session: sessionStorageIfAllowed() };
}

/** Reading the property throws where the visitor blocks site data. */
function sessionStorageIfAllowed(): Storage | undefined {
	try {
		return globalThis.sessionStorage;
	} catch {
		return undefined;
	}
}
