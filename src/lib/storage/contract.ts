import { chainContract } from './chainContract';
import type { StorageContractCase } from './contractCase';
import { walletContract } from './walletContract';

export type { StorageContractCase, StorageHarness } from './contractCase';

/**
 * What every storage adapter must do, as plain functions that throw: the same cases run in Vitest over the memory and
 * the IndexedDB adapters, and can run in a page over the browser's own IndexedDB.
 */
export const storageContract: readonly StorageContractCase[] = [...chainContract, ...walletContract];
