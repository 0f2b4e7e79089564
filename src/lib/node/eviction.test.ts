import { describe, expect, it } from 'vitest';
import { chooseToLetGo, type LinkMerits } from './eviction';

interface Link extends LinkMerits {
	readonly name: string;
}

let nextLatencyMs = 1_000;

/** Each later link is farther away than all before, unless told. */
function link(name: string, changes: Partial<LinkMerits> = {}): Link {
	return { name, direction: 'inbound', isByHand: false, latencyMs: nextLatencyMs++, usefulAt: 0, ...changes };
}

const inbound = (count: number) => Array.from({ length: count }, (_, i) => link(`in ${i}`));
const outbound = (count: number, changes: Partial<LinkMerits> = {}) =>
	Array.from({ length: count }, (_, i) => link(`out ${i}`, { direction: 'outbound', ...changes }));

/** Everybody who may be chosen, whatever chance says. */
function choices(links: readonly Link[]): string[] {
	const names = Array.from({ length: 100 }, (_, i) => chooseToLetGo(links, () => i / 100)?.name);
	return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}

describe('p2p_eviction: whom a full node lets go', () => {
	it('is one of its own outbound links beyond the third, the first that were made stay', () => {
		expect(choices([...inbound(6), ...outbound(6)])).toEqual(['out 3', 'out 4', 'out 5']);
		expect(choices([...outbound(4), ...inbound(8)])).toEqual(['out 3']);
	});

	it('is else one of the inbound peers by chance, but for the two nearest', () => {
		expect(choices([...outbound(3), ...inbound(9)])).toEqual(['in 2', 'in 3', 'in 4', 'in 5', 'in 6', 'in 7', 'in 8']);
	});

	it('is none of the two inbound peers that were useful last', () => {
		const useful = [5, 9, 7].map((usefulAt) => link(`useful at ${usefulAt}`, { usefulAt }));
		const near = inbound(2).map((peer) => ({ ...peer, latencyMs: 1 }));
		expect(choices([...near, ...useful, link('late')])).toEqual(['late', 'useful at 5']);
	});

	it('is nobody whom the user asked for', () => {
		const byHand = { isByHand: true };
		expect(choices([...outbound(12, byHand)])).toEqual([]);
		expect(choices([...outbound(5, byHand), link('mine', byHand), ...inbound(3)])).toEqual(['in 2']);
		expect(choices([...outbound(5, byHand), link('chosen', { direction: 'outbound' })])).toEqual(['chosen']);
	});

	it('is nobody where all are protected', () => {
		expect(choices([...outbound(3), ...inbound(2)])).toEqual([]);
		expect(choices([])).toEqual([]);
	});

	it('does not take a peer for near that has not answered a ping', () => {
		const silent = link('silent', { latencyMs: undefined });
		expect(choices([silent, ...inbound(2)])).toEqual(['silent']);
	});
});
