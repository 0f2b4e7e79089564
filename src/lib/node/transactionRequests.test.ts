import { describe, expect, it } from 'vitest';
import type { TransactionId } from '../bytes/hash';
import { sha256Hash } from '../bytes/sha256';
import { ManualClock } from '../clock/manualClock';
import type { WireMessage } from '../wire/messages';
import type { Ledger } from './ledger';
import { MAX_OFFERED_PER_PEER, TRANSACTIONS_IN_FLIGHT, TRANSACTION_TIMEOUT_MS } from './limits';
import type { PeerSession } from './peerSession';
import { TransactionRequests } from './transactionRequests';

const idOf = (index: number) => sha256Hash(Uint8Array.of(index >> 16, index >> 8, index)) as TransactionId;
const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => idOf(from + index));

function setUp() {
	const clock = new ManualClock();
	const pending = new Set<TransactionId>();
	const core = {
		mempool: pending,
		state: { hasTransaction: () => false },
		closings: new Set()
	} as unknown as Ledger['core'];
	const peers: PeerSession[] = [];
	const newPeer = () => {
		const asked: TransactionId[] = [];
		const send = (message: WireMessage) => {
			if (message.type === 'getTransactions') asked.push(...message.ids);
		};
		const session = { closed: false, send } as unknown as PeerSession;
		peers.push(session);
		return { session, asked };
	};
	const requests = new TransactionRequests({ core }, () => peers, clock);
	return { clock, pending, requests, a: newPeer(), b: newPeer(), c: newPeer() };
}

describe('requests for transactions', () => {
	it('are made of one peer at a time, and of the next when the first does not answer', () => {
		const { clock, requests, a, b, c } = setUp();
		for (const { session } of [a, b, c]) requests.announced(session, ids(0, 3));
		expect([a, b, c].map(({ asked }) => asked.length)).toEqual([3, 0, 0]);
		requests.settle([idOf(1)]);
		clock.advance(TRANSACTION_TIMEOUT_MS - 1);
		expect(b.asked).toEqual([]);
		clock.advance(1);
		expect([a, b, c].map(({ asked }) => asked.length)).toEqual([3, 2, 0]);
		expect(b.asked).toEqual([idOf(0), idOf(2)]);
		clock.advance(TRANSACTION_TIMEOUT_MS);
		expect(c.asked).toEqual([idOf(0), idOf(2)]);
		clock.advance(TRANSACTION_TIMEOUT_MS);
		expect([a, b, c].map(({ asked }) => asked.length)).toEqual([3, 2, 2]);
		expect(requests.isWanted(idOf(0))).toBe(false);
		expect(clock.pending).toBe(0);
	});

	it('move on at once when the link to the peer is lost', () => {
		const { requests, a, b } = setUp();
		requests.announced(a.session, ids(0, 2));
		requests.announced(b.session, ids(0, 2));
		requests.settle([idOf(0)]);
		requests.drop(a.session);
		expect(b.asked).toEqual([idOf(1)]);
	});

	it('are never more than a peer can be expected to deliver soon, and the rest follows', () => {
		const { requests, a } = setUp();
		for (let start = 0; start < 2_000; start += 500) requests.announced(a.session, ids(start, start + 500));
		expect(a.asked).toHaveLength(TRANSACTIONS_IN_FLIGHT);
		for (let next = 0; next < 2_000; next++) {
			requests.settle([idOf(next)]);
			expect(a.asked.length - next - 1).toBeLessThanOrEqual(TRANSACTIONS_IN_FLIGHT);
		}
		expect(a.asked).toEqual(ids(0, 2_000));
	});

	it('are remembered up to a limit, however much a peer announces', () => {
		const { clock, requests, a } = setUp();
		const total = MAX_OFFERED_PER_PEER + 2_000;
		for (let start = 0; start < total; start += 500) requests.announced(a.session, ids(start, start + 500));
		for (let round = 0; round < total / TRANSACTIONS_IN_FLIGHT; round++) clock.advance(TRANSACTION_TIMEOUT_MS);
		expect(a.asked.length).toBeLessThanOrEqual(MAX_OFFERED_PER_PEER + TRANSACTIONS_IN_FLIGHT);
		expect(new Set(a.asked).size).toBe(a.asked.length);
	});

	it('leave out what is known meanwhile, or was refused, until that may have changed', () => {
		const { clock, pending, requests, a, b } = setUp();
		requests.announced(a.session, [idOf(0)]);
		requests.announced(b.session, [idOf(0)]);
		pending.add(idOf(0));
		clock.advance(TRANSACTION_TIMEOUT_MS);
		expect(b.asked).toEqual([]);
		requests.noteRefused(idOf(1));
		requests.announced(b.session, [idOf(1)]);
		expect(b.asked).toEqual([]);
		requests.forgive();
		requests.announced(b.session, [idOf(1)]);
		expect(b.asked).toEqual([idOf(1)]);
	});

	it('ask again a peer that announces again what it did not deliver', () => {
		const { clock, requests, a } = setUp();
		requests.announced(a.session, [idOf(0)]);
		requests.announced(a.session, [idOf(0)]);
		clock.advance(TRANSACTION_TIMEOUT_MS);
		expect(a.asked).toEqual([idOf(0)]);
		requests.announced(a.session, [idOf(0)]);
		expect(a.asked).toEqual([idOf(0), idOf(0)]);
	});
});
