import { describe, expect, it, vi } from 'vitest';
import { PollenError } from '../errors/pollenError';
import { loadArtifacts, type LoadArtifact } from './artifacts';
import { KNOWN_ARTIFACTS } from './knownArtifacts';
import { rememberArtifacts } from './rememberArtifacts';

const BYTES = new Uint8Array(3);

/** A loader whose artifacts come when they are told to. */
function slowLoader() {
	const arrivals: { resolve: () => void; reject: (error: Error) => void; onBytes: (loaded: number) => void }[] = [];
	const load = vi.fn<LoadArtifact>(
		(_depth, _kind, onBytes) =>
			new Promise((resolve, reject) => {
				arrivals.push({ resolve: () => resolve(BYTES), reject, onBytes: onBytes ?? (() => undefined) });
			})
	);
	return { load, arrivals };
}

describe('rememberArtifacts', () => {
	it('loads each artifact once', async () => {
		const load = vi.fn<LoadArtifact>(async () => BYTES);
		const remembered = rememberArtifacts(load);
		await Promise.all([remembered(10, 'wasm'), remembered(10, 'wasm'), remembered(10, 'zkey'), remembered(16, 'wasm')]);
		expect(await remembered(10, 'wasm')).toBe(BYTES);
		expect(load).toHaveBeenCalledTimes(3);
	});

	it('tells everybody who waits how far it is, those who come late too, and nobody afterwards', async () => {
		const { load, arrivals } = slowLoader();
		const remembered = rememberArtifacts(load);
		const [first, late, last] = [vi.fn(), vi.fn(), vi.fn()];
		const loading = remembered(10, 'wasm', first);
		arrivals[0]?.onBytes(1);
		const alsoLoading = remembered(10, 'wasm', late);
		arrivals[0]?.onBytes(2);
		arrivals[0]?.resolve();
		await Promise.all([loading, alsoLoading]);
		await remembered(10, 'wasm', last);
		arrivals[0]?.onBytes(3);
		expect(first.mock.calls).toEqual([[1], [2]]);
		expect(late.mock.calls).toEqual([[1], [2]]);
		expect(last.mock.calls).toEqual([[2]]);
	});

	it('tries again after a failure', async () => {
		const { load, arrivals } = slowLoader();
		const remembered = rememberArtifacts(load);
		const failing = expect(remembered(10, 'wasm')).rejects.toMatchObject({ code: 'artifact-unreachable' });
		arrivals[0]?.reject(new PollenError('artifact-unreachable'));
		await failing;
		const again = remembered(10, 'wasm');
		arrivals[1]?.resolve();
		expect(await again).toBe(BYTES);
	});
});

describe('loadArtifacts', () => {
	it('tells how much of both is here', async () => {
		const { wasm, zkey } = KNOWN_ARTIFACTS[10];
		const total = wasm.byteLength + zkey.byteLength;
		const told: number[] = [];
		const load: LoadArtifact = async (depth, kind, onBytes) => {
			onBytes?.(1_000);
			return new Uint8Array(KNOWN_ARTIFACTS[depth][kind].byteLength);
		};
		await loadArtifacts(load, 10, (progress) => {
			expect(progress.total).toBe(total);
			told.push(progress.loaded);
		});
		expect(told).toEqual([1_000, 2_000, expect.any(Number), total]);
	});
});
