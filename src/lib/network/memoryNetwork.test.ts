import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { networkContract } from './contract';
import { createMemoryHub, type MemoryHub } from './memoryNetwork';
import type { Connection, Network, PeerId } from './port';

describe('the memory network keeps the contract', () => {
	test.each([...networkContract])('$name', async ({ run }) => {
		const hub = createMemoryHub();
		await run((options) => hub.network(options));
	});

	test.each([...networkContract])('with delays: $name', async ({ run }) => {
		const hub = createMemoryHub({ seed: 7, faults: { minDelayMs: 0, maxDelayMs: 12 } });
		await run((options) => hub.network(options));
	});
});

describe('faults', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	interface Member {
		readonly network: Network;
		readonly id: PeerId;
		readonly inbound: Connection[];
		readonly heard: string[];
	}

	async function join(hub: MemoryHub): Promise<Member> {
		const network = hub.network();
		const member: Member = {
			network,
			inbound: [],
			heard: [],
			get id() {
				return network.peerId as PeerId;
			}
		};
		network.start({
			connection(connection) {
				member.inbound.push(connection);
				listen(member, connection);
			},
			signalling: (state) => void member.heard.push(state)
		});
		await vi.advanceTimersByTimeAsync(100);
		return member;
	}

	function listen(member: Member, connection: Connection): void {
		connection.onPiece = (piece) => void member.heard.push(new TextDecoder().decode(piece));
		connection.onClose = (code) => void member.heard.push(code);
	}

	async function dial(from: Member, to: Member): Promise<Connection> {
		const connecting = from.network.connect(to.id);
		await vi.advanceTimersByTimeAsync(100);
		const connection = await connecting;
		listen(from, connection);
		return connection;
	}

	const text = (words: string): Uint8Array => new TextEncoder().encode(words);

	test('random delays never reorder what one link carries', async () => {
		const hub = createMemoryHub({ seed: 3, faults: { minDelayMs: 1, maxDelayMs: 50 } });
		const [a, b] = [await join(hub), await join(hub)];
		const connection = await dial(a, b);
		const words = Array.from({ length: 100 }, (_, i) => `w${i}`);
		for (const word of words) {
			connection.send(text(word));
			await vi.advanceTimersByTimeAsync(1);
		}
		await vi.advanceTimersByTimeAsync(100);
		expect(b.heard).toEqual(['online', ...words]);
	});

	test('the same seed gives the same run, another seed another', async () => {
		async function run(seed: number): Promise<unknown[]> {
			const hub = createMemoryHub({ seed, faults: { minDelayMs: 0, maxDelayMs: 40 } });
			const [a, b] = [await join(hub), await join(hub)];
			const connection = await dial(a, b);
			const startedAt = Date.now();
			const arrivals: number[] = [];
			for (const inbound of b.inbound) inbound.onPiece = () => void arrivals.push(Date.now() - startedAt);
			for (let i = 0; i < 10; i++) {
				connection.send(text('x'));
				await vi.advanceTimersByTimeAsync(10);
			}
			await vi.advanceTimersByTimeAsync(100);
			return [a.id, b.id, ...arrivals];
		}
		const first = await run(5);
		expect(await run(5)).toEqual(first);
		expect(await run(6)).not.toEqual(first);
	});

	test('a partition silences links across it, and healing delivers what waited, in order', async () => {
		const hub = createMemoryHub();
		const [a, b, c] = [await join(hub), await join(hub), await join(hub)];
		const [across, within] = [await dial(a, c), await dial(a, b)];
		hub.partition([a.id, b.id]);
		across.send(text('one'));
		across.send(text('two'));
		within.send(text('near'));
		await vi.advanceTimersByTimeAsync(60_000);
		expect(c.heard).toEqual(['online']);
		expect(b.heard).toEqual(['online', 'near']);

		const dialling = expect(c.network.connect(b.id)).rejects.toMatchObject({ code: 'peer-timeout' });
		await vi.advanceTimersByTimeAsync(9_000);
		await dialling;

		across.close('unlinked');
		hub.heal();
		await vi.advanceTimersByTimeAsync(10);
		expect(c.heard).toEqual(['online', 'one', 'two', 'link-lost']);
		expect((await dial(c, b)).peerId).toBe(b.id);
	});

	test('dropped links end at both ends at once and lose what was under way', async () => {
		const hub = createMemoryHub({ faults: { minDelayMs: 5, maxDelayMs: 5 } });
		const [a, b, c] = [await join(hub), await join(hub), await join(hub)];
		const [ab, ac] = [await dial(a, b), await dial(a, c)];
		ab.send(text('lost'));
		ac.send(text('kept'));
		hub.dropLinks(b.id, a.id);
		await vi.advanceTimersByTimeAsync(20);
		expect(a.heard).toEqual(['online', 'link-lost']);
		expect(b.heard).toEqual(['online', 'link-lost']);
		expect(c.heard).toEqual(['online', 'kept']);
	});

	test('a crashed tab is silent: nobody is told, and it cannot be dialled', async () => {
		const hub = createMemoryHub();
		const [a, b] = [await join(hub), await join(hub)];
		const connection = await dial(a, b);
		hub.crash(b.id);
		connection.send(text('hello?'));
		b.inbound[0]?.send(text('from beyond'));
		await vi.advanceTimersByTimeAsync(60_000);
		expect([a.heard, b.heard]).toEqual([['online'], ['online']]);
		const dialling = expect(a.network.connect(b.id)).rejects.toMatchObject({ code: 'unknown-peer' });
		await vi.advanceTimersByTimeAsync(10);
		await dialling;
	});

	test('without the signalling server links go on, dialling is refused, and its return is told', async () => {
		const hub = createMemoryHub();
		const [a, b] = [await join(hub), await join(hub)];
		const [connection, id] = [await dial(a, b), a.id];
		hub.setSignalling(false);
		await vi.advanceTimersByTimeAsync(10);
		await expect(a.network.connect(b.id)).rejects.toMatchObject({ code: 'signalling-unreachable' });
		connection.send(text('still here'));
		hub.setSignalling(true);
		await vi.advanceTimersByTimeAsync(10);
		expect(b.heard).toEqual(['online', 'offline', 'still here', 'online']);
		expect(a.id).toBe(id);
	});

	test('a node that starts without the signalling server says so and refuses to dial', async () => {
		const hub = createMemoryHub();
		hub.setSignalling(false);
		const a = await join(hub);
		expect(a.heard).toEqual(['offline']);
		await expect(a.network.connect('p1' as PeerId)).rejects.toMatchObject({ code: 'signalling-unreachable' });
	});
});
