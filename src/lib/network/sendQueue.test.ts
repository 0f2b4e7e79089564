import { describe, expect, test } from 'vitest';
import { LOW_WATER_BYTES, MAX_QUEUED_BYTES, MAX_SENT_PIECE_BYTES } from './limits';
import { SendQueue, type SendChannel } from './sendQueue';

/** A data channel whose network takes what `drain` says. */
class FakeChannel implements SendChannel {
	bufferedAmount = 0;
	bufferedAmountLowThreshold = 0;
	broken = false;
	readonly sent: Uint8Array[] = [];
	readonly #listeners = new Set<() => void>();

	send(piece: Uint8Array): void {
		if (this.broken) throw new DOMException('closed', 'InvalidStateError');
		this.sent.push(piece);
		this.bufferedAmount += piece.byteLength;
	}

	addEventListener(_: string, listener: () => void): void {
		this.#listeners.add(listener);
	}

	removeEventListener(_: string, listener: () => void): void {
		this.#listeners.delete(listener);
	}

	get listening(): number {
		return this.#listeners.size;
	}

	/** The event fires as WebRTC says: when the amount falls from above the threshold to it or below. */
	drain(bytes: number): void {
		const wasAbove = this.bufferedAmount > this.bufferedAmountLowThreshold;
		this.bufferedAmount = Math.max(0, this.bufferedAmount - bytes);
		if (wasAbove && this.bufferedAmount <= this.bufferedAmountLowThreshold) {
			for (const listener of [...this.#listeners]) listener();
		}
	}
}

function setUp(): { channel: FakeChannel; queue: SendQueue; broken: () => number } {
	const channel = new FakeChannel();
	let breaks = 0;
	const queue = new SendQueue(channel, () => breaks++);
	return { channel, queue, broken: () => breaks };
}

const piece = (seed = 0): Uint8Array => new Uint8Array(MAX_SENT_PIECE_BYTES).fill(seed);

async function isPending(promise: Promise<void>): Promise<boolean> {
	let pending = true;
	void promise.then(() => (pending = false));
	await new Promise((resolve) => setTimeout(resolve, 0));
	return pending;
}

describe('SendQueue', () => {
	test('keeps the channel just above the low-water mark, and sends the rest in order as it drains', () => {
		const { channel, queue } = setUp();
		const count = 100;
		for (let i = 0; i < count; i++) queue.send(piece(i));
		expect(channel.bufferedAmountLowThreshold).toBe(LOW_WATER_BYTES);
		expect(channel.bufferedAmount).toBe(LOW_WATER_BYTES + MAX_SENT_PIECE_BYTES);
		expect(queue.unsentBytes).toBe(count * MAX_SENT_PIECE_BYTES);
		while (channel.bufferedAmount > 0) channel.drain(40_000);
		expect(channel.sent.map((sent) => sent[0])).toEqual(Array.from({ length: count }, (_, i) => i));
		expect(queue.unsentBytes).toBe(0);
	});

	test('drained waits until at most 256 KiB are unsent', async () => {
		const { channel, queue } = setUp();
		await queue.drained();
		for (let i = 0; i < 40; i++) queue.send(piece());
		const drained = queue.drained();
		while (queue.unsentBytes - MAX_SENT_PIECE_BYTES > LOW_WATER_BYTES) {
			channel.drain(MAX_SENT_PIECE_BYTES);
			expect(await isPending(drained)).toBe(true);
		}
		channel.drain(MAX_SENT_PIECE_BYTES);
		expect(await isPending(drained)).toBe(false);
	});

	test('breaks once when more than 4 MiB pile up, and not before', () => {
		const { queue, broken } = setUp();
		for (let sent = 0; sent < MAX_QUEUED_BYTES; sent += MAX_SENT_PIECE_BYTES) queue.send(piece());
		expect(broken()).toBe(0);
		queue.send(piece());
		queue.send(piece());
		expect(broken()).toBe(1);
	});

	test('a channel that refuses a piece breaks it once and lets go of who waits', async () => {
		const { channel, queue, broken } = setUp();
		for (let i = 0; i < 40; i++) queue.send(piece());
		const drained = queue.drained();
		channel.broken = true;
		channel.drain(MAX_SENT_PIECE_BYTES);
		await drained;
		expect(broken()).toBe(1);
		expect(channel.listening).toBe(0);
	});

	test('flush hands everything to the channel; afterwards nothing is sent', () => {
		const { channel, queue } = setUp();
		for (let i = 0; i < 60; i++) queue.send(piece(i));
		queue.flush();
		expect(channel.sent).toHaveLength(60);
		queue.send(piece());
		expect(channel.sent).toHaveLength(60);
		expect(channel.listening).toBe(0);
	});

	test('refuses a piece over 16 KiB', () => {
		const { channel, queue } = setUp();
		expect(() => queue.send(new Uint8Array(MAX_SENT_PIECE_BYTES + 1))).toThrow(
			expect.objectContaining({ code: 'oversized' })
		);
		expect(channel.sent).toHaveLength(0);
	});
});
