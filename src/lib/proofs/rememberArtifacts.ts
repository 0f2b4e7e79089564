import type { LoadArtifact } from './artifacts';

interface Loading {
	readonly bytes: Promise<Uint8Array>;
	/** Bytes that are here, once that was told. */
	loaded: number | undefined;
	readonly listeners: Set<(loaded: number) => void>;
}

/**
 * Loads every artifact once and keeps it; whoever asks while it is under way is told how far it is. A failure is not kept:
 * the next call tries again.
 */
export function rememberArtifacts(load: LoadArtifact): LoadArtifact {
	const known = new Map<string, Loading>();

	const begin = (depth: Parameters<LoadArtifact>[0], kind: Parameters<LoadArtifact>[1]): Loading => {
		const name = `${depth}.${kind}`;
		const remembered = known.get(name);
		if (remembered) return remembered;
		const listeners: Loading['listeners'] = new Set();
		const note = (loaded: number): void => {
			loading.loaded = loaded;
			for (const listener of listeners) listener(loaded);
		};
		const loading: Loading = { bytes: load(depth, kind, note), loaded: undefined, listeners };
		known.set(name, loading);
		loading.bytes.catch(() => known.delete(name));
		return loading;
	};

	return async (depth, kind, onBytes) => {
		const loading = begin(depth, kind);
		if (!onBytes) return await loading.bytes;
		if (loading.loaded !== undefined) onBytes(loading.loaded);
		loading.listeners.add(onBytes);
		try {
			return await loading.bytes;
		} finally {
			loading.listeners.delete(onBytes);
		}
	};
}
