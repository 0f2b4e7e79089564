import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Peer } from 'peerjs';
import { REGISTRATION_TIMEOUT_MS } from './limits';
import { untilClaimed } from './seat';

type Listener = (event?: { type: string }) => void;

/** What of a PeerJS peer the registration depends on. */
class FakePeer {
	disconnected = 0;
	readonly #listeners = new Map<string, Listener>();

	on(name: string, listener: Listener): void {
		this.#listeners.set(name, listener);
	}

	emit(name: string, event?: { type: string }): void {
		this.#listeners.get(name)?.(event);
	}

	disconnect(): void {
		this.disconnected += 1;
		this.emit('disconnected');
	}
}

function setUp() {
	const peer = new FakePeer();
	const onLost = vi.fn();
	const claim = untilClaimed(peer as unknown as Peer, onLost);
	claim.catch(() => undefined);
	return { peer, onLost, claim };
}

describe('untilClaimed', () => {
	beforeEach(() => vi.useFakeTimers());
	afterEach(() => vi.useRealTimers());

	it('holds the ID once the server has accepted it, until it is released or lost', async () => {
		const { peer, onLost, claim } = setUp();
		peer.emit('open');
		const held = await claim;
		vi.advanceTimersByTime(REGISTRATION_TIMEOUT_MS * 2);
		expect(peer.disconnected).toBe(0);
		held?.release();
		expect(peer.disconnected).toBe(1);
		expect(onLost).not.toHaveBeenCalled();

		const other = setUp();
		other.peer.emit('open');
		await other.claim;
		other.peer.emit('disconnected');
		expect(other.onLost).toHaveBeenCalledOnce();
	});

	it('tells a taken ID from a server that cannot be reached', async () => {
		const taken = setUp();
		taken.peer.emit('error', { type: 'unavailable-id' });
		expect(await taken.claim).toBeUndefined();
		const broken = setUp();
		broken.peer.emit('error', { type: 'network' });
		await expect(broken.claim).rejects.toMatchObject({ code: 'signalling-unreachable' });
		for (const { peer, onLost } of [taken, broken]) {
			expect(peer.disconnected).toBe(1);
			expect(onLost).not.toHaveBeenCalled();
		}
	});

	it('does not wait for ever, and is not put off by trouble with one connection', async () => {
		const { peer, claim } = setUp();
		peer.emit('error', { type: 'webrtc' });
		peer.emit('error', { type: 'peer-unavailable' });
		vi.advanceTimersByTime(REGISTRATION_TIMEOUT_MS);
		await expect(claim).rejects.toMatchObject({ code: 'signalling-unreachable' });
		expect(peer.disconnected).toBe(1);
		peer.emit('open');
		expect(peer.disconnected).toBe(1);
	});
});
