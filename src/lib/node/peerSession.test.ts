import { describe, expect, it } from 'vitest';
import { ZERO_HASH } from '../bytes/hash';
import { ManualClock } from '../clock/manualClock';
import type { ErrorCode } from '../errors/pollenError';
import type { Connection, PeerId } from '../network/port';
import { encodeFrame, FrameReader } from '../wire/frame';
import type { Hello, WireMessage } from '../wire/messages';
import { MAX_BLOCK_MESSAGE_BYTES, MAX_INVENTORY, MAX_TRANSACTION_MESSAGE_BYTES } from '../wire/limits';
import {
	HELLO_MS,
	MAX_BACKLOG_BYTES,
	MAX_BACKLOG_MESSAGES,
	MAX_BODY_BACKLOG_BYTES,
	MAX_UNASKED,
	PING_INTERVAL_MS,
	PONG_MS
} from './limits';
import { PeerSession } from './peerSession';

const HELLO: Hello = {
	type: 'hello',
	protocol: 1,
	electionId: ZERO_HASH,
	title: '',
	height: 3,
	work: 7n,
	tip: ZERO_HASH,
	label: ''
};

/** @param handle what is done with a message; it counts as dealt with unless told */
function open(handle: () => void | Promise<void> = () => undefined) {
	const clock = new ManualClock(0);
	const sent: WireMessage[] = [];
	const received: WireMessage[] = [];
	const ends: ErrorCode[] = [];
	const reader = new FrameReader();
	const connection: Connection = {
		peerId: 'p1' as PeerId,
		direction: 'inbound',
		send(piece) {
			const message = reader.push(piece);
			if (message) sent.push(message);
		},
		drained: () => Promise.resolve(),
		onPiece: undefined,
		onClose: undefined,
		close: (code) => connection.onClose?.(code)
	};
	const session = new PeerSession(connection, clock, {
		message: (_, message) => {
			received.push(message);
			return handle();
		},
		closed: (_, code) => ends.push(code)
	});
	const say = (message: WireMessage) => encodeFrame(message).forEach((piece) => connection.onPiece?.(piece));
	return { clock, session, connection, sent, received, ends, say };
}

describe('a session', () => {
	it('ends when no hello comes in time, and not when one did', () => {
		const late = open();
		late.clock.advance(HELLO_MS);
		expect(late.ends).toEqual(['peer-timeout']);
		expect(late.sent).toEqual([{ type: 'bye', code: 'peer-timeout' }]);
		const timely = open();
		timely.clock.advance(HELLO_MS - 1);
		timely.session.begin(HELLO);
		timely.clock.advance(1);
		expect(timely.ends).toEqual([]);
		expect(timely.session.best).toEqual({ height: 3, work: 7n, tip: ZERO_HASH });
	});

	it('pings, measures, and takes each pong once', () => {
		const { clock, session, sent } = open();
		expect(session.takePong(0)).toBe(false);
		session.begin(HELLO);
		expect(sent).toEqual([{ type: 'ping', id: 1 }]);
		clock.advance(40);
		expect(session.takePong(2)).toBe(false);
		expect(session.takePong(1)).toBe(true);
		expect(session.takePong(1)).toBe(false);
		expect(session.latencyMs).toBe(40);
		clock.advance(PING_INTERVAL_MS);
		expect(sent.at(-1)).toEqual({ type: 'ping', id: 2 });
		clock.advance(PONG_MS);
		expect(session.closed).toBe(true);
	});

	it('gives each frame 5 s of its own', () => {
		const { clock, session, connection, received } = open();
		session.begin(HELLO);
		const pieces = encodeFrame({ type: 'block', block: new Uint8Array(20_000) });
		for (let i = 0; i < 3; i++) {
			connection.onPiece?.(pieces[0] as Uint8Array);
			clock.advance(4_999);
			connection.onPiece?.(pieces[1] as Uint8Array);
			expect(received).toHaveLength(i + 1);
		}
		connection.onPiece?.(pieces[0] as Uint8Array);
		clock.advance(5_000);
		expect(session.closed).toBe(true);
	});

	it('is deaf and mute after its end, which comes once', () => {
		const { clock, session, connection, sent, received, ends, say } = open();
		session.close('bad-proof');
		session.close('bad-frame');
		connection.onClose?.('link-lost');
		say({ type: 'getPeers' });
		session.send({ type: 'getPeers' });
		clock.advance(1_000_000);
		expect(ends).toEqual(['bad-proof']);
		expect(received).toEqual([]);
		expect(sent).toEqual([{ type: 'bye', code: 'bad-proof' }]);
		expect(clock.pending).toBe(0);
	});

	it('notes better chains only', () => {
		const { session } = open();
		session.noteBest(1, 5n, ZERO_HASH);
		session.noteBest(2, 5n, ZERO_HASH);
		session.noteBest(3, 4n, ZERO_HASH);
		expect(session.best?.height).toBe(1);
		session.noteBest(4, 6n, ZERO_HASH);
		expect(session.best?.height).toBe(4);
	});

	it('p2p_unrequested_blocks: ends when hardly anything that comes was asked for, and not for as much beside what was', () => {
		const { session, ends } = open();
		for (let count = 0; count < 10 * MAX_UNASKED; count++) {
			session.noteUnasked();
			session.noteAnswer();
		}
		for (let count = 0; count < MAX_UNASKED; count++) session.noteUnasked();
		expect(ends).toEqual([]);
		session.noteUnasked();
		expect(ends).toEqual(['flood']);
	});
});

describe('what a peer sends faster than it is dealt with', () => {
	const never = () => new Promise<void>(() => undefined);
	const block: WireMessage = { type: 'block', block: new Uint8Array(MAX_BLOCK_MESSAGE_BYTES) };
	const transaction: WireMessage = { type: 'transaction', transaction: new Uint8Array(MAX_TRANSACTION_MESSAGE_BYTES) };

	it('may be all that an honest peer is ever asked for at once', () => {
		const { session, ends, say } = open(never);
		session.begin(HELLO);
		for (let bytes = 0; bytes < MAX_BODY_BACKLOG_BYTES; bytes += MAX_BLOCK_MESSAGE_BYTES) say(block);
		for (let count = 0; count < 2 * MAX_INVENTORY; count++) say(transaction);
		expect(ends).toEqual([]);
	});

	it('ends the link by its bytes', () => {
		const { session, ends, say, received } = open(never);
		session.begin(HELLO);
		const most = Math.floor(MAX_BACKLOG_BYTES / MAX_BLOCK_MESSAGE_BYTES);
		for (let count = 0; count < most - 1; count++) say(block);
		expect(ends).toEqual([]);
		say(block);
		expect(ends).toEqual(['flood']);
		expect(received).toHaveLength(most - 1);
	});

	it('ends the link by the number of messages', () => {
		const { session, ends, say } = open(never);
		session.begin(HELLO);
		for (let count = 0; count < MAX_BACKLOG_MESSAGES; count++) say({ type: 'getPeers' });
		expect(ends).toEqual([]);
		say({ type: 'getPeers' });
		expect(ends).toEqual(['flood']);
	});

	it('is forgotten once it is dealt with, well or badly', async () => {
		let fails = false;
		const { session, ends, say } = open(() => (fails ? Promise.reject(new Error('no')) : Promise.resolve()));
		session.begin(HELLO);
		for (let count = 0; count < 3 * MAX_BACKLOG_MESSAGES; count++) {
			fails = count % 2 === 0;
			say(transaction);
			await Promise.resolve();
			await Promise.resolve();
		}
		await new Promise(setImmediate);
		expect(ends).toEqual([]);
		expect(session.backlogBytes).toBe(0);
	});
});
