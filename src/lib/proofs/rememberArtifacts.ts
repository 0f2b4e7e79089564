import type { LoadArtifact } from './artifacts';

/** Loads every artifact once and keeps it. A failure is not kept: the next call tries again. */
export function rememberArtifacts(load: LoadArtifact): LoadArtifact {
	const known = new Map<string, Promise<Uint8Array>>();
	return (depth, kind) => {
		const name = `${depth}.${kind}`;
		const remembered = known.get(name);
		if (remembered) return remembered;
		const loading = load(depth, kind);
		known.set(name, loading);
		loading.catch(() => known.delete(name));
		return loading;
	};
}
