import { describe, expect, it } from 'vitest';
import { LedgerHarness, type ChainPoint, type MinedBlock } from '../../../tests/support/ledgerHarness';
import { headersAfter } from '../../../tests/support/serveChain';
import type { BlockHash } from '../bytes/hash';
import type { Header } from '../chain/header';
import { workOf } from '../chain/work';
import { encodeBlock } from '../election/block';
import { organiserKeyOf } from '../election/codeKeys';
import { publicKeyOf, signTransaction } from '../election/signing';
import type { ErrorCode } from '../errors/pollenError';
import type { Connection, PeerId } from '../network/port';
import { FrameReader } from '../wire/frame';
import { MAX_HEADERS } from '../wire/limits';
import type { WireMessage } from '../wire/messages';
import {
	BODY_TIMEOUT_MS,
	HEADERS_TIMEOUT_MS,
	MAX_HEADERS_AHEAD,
	MAX_STALLS,
	MAX_WALK_MS,
	WALK_PAUSE_MS
} from './limits';
import { PeerSession } from './peerSession';
import { Sync } from './sync';

interface PeerOptions {
	/** Of the hello; the truth unless told. */
	readonly work?: bigint;
	readonly tip?: BlockHash;
	readonly withholdsBodies?: boolean;
	/** Answers a request for headers itself. */
	readonly answer?: (locator: readonly BlockHash[]) => readonly Header[];
	readonly answerMs?: number;
}

/** A peer that speaks for a chain. */
interface Peer {
	readonly session: PeerSession;
	readonly asked: WireMessage[];
	/** Why the link ended, if it did. */
	end: ErrorCode | undefined;
	announce(headers: readonly Header[]): void;
	leave(): void;
}

const ORGANISER_KEY = organiserKeyOf(new Uint8Array(32).fill(7));
const HELLO = { type: 'hello', protocol: 1, title: '', label: '' } as const;

/** A ledger that syncs, and peers made by hand around it. */
class Bench {
	readonly harness = new LedgerHarness({ changes: { organiser: publicKeyOf(ORGANISER_KEY) } });
	readonly sessions = new Set<PeerSession>();
	sync!: Sync;
	#opened!: Awaited<ReturnType<LedgerHarness['open']>>;

	static async on(chain: (harness: LedgerHarness) => readonly MinedBlock[] = () => []): Promise<Bench> {
		const bench = new Bench();
		bench.#opened = await bench.harness.openWith(chain(bench.harness));
		bench.sync = new Sync(
			bench.ledger,
			() => bench.sessions,
			bench.harness.clock,
			() => undefined
		);
		return bench;
	}

	get ledger() {
		return this.#opened.ledger;
	}

	get core() {
		return this.ledger.core;
	}

	/** Headers that are known without a body. */
	get ahead(): number {
		return this.core.tree.size - this.core.bodies.size;
	}

	async peer(chain: readonly MinedBlock[], options: PeerOptions = {}): Promise<Peer> {
		const { clock } = this.harness;
		const asked: WireMessage[] = [];
		const reader = new FrameReader();
		const respond = (message: WireMessage): void => {
			if (message.type === 'getHeaders') {
				const headers = options.answer?.(message.locator) ?? headersAfter(chain, message.locator);
				clock.after(options.answerMs ?? 0, () => void this.sync.takeHeaders(session, headers));
			} else if (message.type === 'getBlocks' && !options.withholdsBodies) {
				for (const hash of message.hashes) {
					const found = chain.find((candidate) => candidate.hash === hash);
					if (found) clock.after(0, () => void this.sync.takeBlock(session, encodeBlock(found.block)));
				}
			}
		};
		const connection: Connection = {
			peerId: `peer ${this.sessions.size}` as PeerId,
			direction: 'inbound',
			send: (piece) => {
				const message = reader.push(piece);
				if (!message) return;
				asked.push(message);
				if (message.type === 'ping') clock.after(0, () => void session.takePong(message.id));
				respond(message);
			},
			drained: () => Promise.resolve(),
			onPiece: undefined,
			onClose: undefined,
			close: () => undefined
		};
		const session: PeerSession = new PeerSession(connection, clock, {
			message: () => undefined,
			closed: (_, code) => {
				peer.end = code;
				this.sessions.delete(session);
				this.sync.drop(session);
			}
		});
		const peer: Peer = {
			session,
			asked,
			end: undefined,
			announce: (headers) => void this.sync.takeHeaders(session, headers),
			leave: () => connection.onClose?.('link-lost')
		};
		const tip = chain.at(-1) ?? this.harness.genesis;
		this.sessions.add(session);
		session.begin({
			...HELLO,
			electionId: this.harness.electionId,
			height: tip.header.height,
			work: options.work ?? workOfChain(chain),
			tip: options.tip ?? tip.hash
		});
		this.sync.consider(session);
		await this.rest();
		return peer;
	}

	/** Until nothing more happens without time passing. */
	async rest(): Promise<void> {
		for (let quiet = 0; quiet < 5; quiet++) {
			await new Promise(setImmediate);
			await this.ledger.idle();
			const { clock } = this.harness;
			if (clock.nextDueAt !== undefined && clock.nextDueAt <= clock.now()) {
				clock.advance(0);
				quiet = -1;
			}
		}
	}

	async advance(ms: number): Promise<void> {
		const { clock } = this.harness;
		const end = clock.now() + ms;
		for (let dueAt = clock.nextDueAt; dueAt !== undefined && dueAt <= end; dueAt = clock.nextDueAt) {
			clock.advance(dueAt - clock.now());
			await this.rest();
		}
		clock.advance(end - clock.now());
		await this.rest();
	}
}

function workOfChain(chain: readonly MinedBlock[]): bigint {
	return chain.reduce((sum, { header }) => sum + workOf(header.target), 0n);
}

/** Blocks one millisecond apart: each is a twentieth harder than the one before. */
function hurried(harness: LedgerHarness, parent: ChainPoint, length: number): MinedBlock[] {
	const chain: MinedBlock[] = [];
	for (let index = 0; index < length; index++) {
		const last = chain.at(-1) ?? parent;
		chain.push(harness.mine(last, [], { timestamp: last.header.timestamp + 1 }));
	}
	return chain;
}

/** 230 blocks with the work of 10,000 of the easiest, of which those before the last 144 have 1,500. */
function heavyChain(harness: LedgerHarness): MinedBlock[] {
	const steep = hurried(harness, harness.genesis, 80);
	return [...steep, ...harness.mineChain(steep.at(-1)!, 150)];
}

/** 1,230 blocks that have more work than the heavy chain, but not before the last 130. */
function lateWinner(harness: LedgerHarness): MinedBlock[] {
	const flat = harness.mineChain(harness.genesis, 1_100);
	return [...flat, ...hurried(harness, flat.at(-1)!, 130)];
}

const headersOf = (chain: readonly MinedBlock[]) => chain.map(({ header }) => header);
const countOf = ({ asked }: Peer, type: WireMessage['type']) => asked.filter((message) => message.type === type).length;

describe('p2p_dos_header_tree: headers without work', () => {
	it('are not kept, and nobody is punished for having less work', async () => {
		const bench = await Bench.on(heavyChain);
		const { tree } = bench.core;
		const before = tree.size;
		const weak = bench.harness.mineChain(bench.harness.genesis, 300);
		const peer = await bench.peer(weak);
		peer.announce(headersOf(weak));
		peer.announce(headersOf(weak.slice(0, 1)));
		await bench.rest();
		expect(tree.size).toBe(before);
		expect(peer.end).toBeUndefined();
		expect(bench.sync.isCaughtUp()).toBe(true);
	});

	it('are kept with the work that our chain had 144 blocks ago, and not with one block less', async () => {
		const bench = await Bench.on((harness) => harness.mineChain(harness.genesis, 200));
		const { tree } = bench.core;
		const side = bench.harness.mineChain(bench.harness.genesis, 56);
		const peer = await bench.peer([]);
		peer.announce(headersOf(side.slice(0, 55)));
		await bench.rest();
		expect(tree.has(side[0]!.hash)).toBe(false);
		peer.announce(headersOf(side));
		await bench.rest();
		expect(tree.has(side[55]!.hash)).toBe(true);
	});

	it('without end cost neither memory nor more than the time for it, and keep the node from nothing', async () => {
		const bench = await Bench.on((harness) => {
			const steep = hurried(harness, harness.genesis, 110);
			return [...steep, ...harness.mineChain(steep.at(-1)!, 150)];
		});
		const before = bench.core.tree.size;
		const endless = bench.harness.mineChain(bench.harness.genesis, 20_000);
		const peer = await bench.peer(endless, { work: 10n ** 30n, tip: 'ab'.repeat(32) as BlockHash, answerMs: 9_000 });
		await bench.advance(18_000);
		expect(bench.sync.isCaughtUp()).toBe(true);
		await bench.advance(MAX_STALLS * (MAX_WALK_MS + 20_000) - 18_000);
		expect(peer.end).toBe('peer-timeout');
		expect(countOf(peer, 'getHeaders')).toBeLessThan(MAX_STALLS * (MAX_WALK_MS / 9_000 + 5));
		expect(bench.core.tree.size).toBe(before);
	});

	it('are not looked at again soon when the peer did not claim to have more', async () => {
		const bench = await Bench.on(heavyChain);
		const weak = bench.harness.mineChain(bench.harness.genesis, 700);
		const peer = await bench.peer(weak, { work: 1n });
		peer.announce(headersOf(weak.slice(0, 500)));
		await bench.rest();
		expect(countOf(peer, 'getHeaders')).toBe(1);
		peer.announce(headersOf(weak.slice(0, 500)));
		await bench.rest();
		expect(countOf(peer, 'getHeaders')).toBe(1);
		await bench.advance(WALK_PAUSE_MS);
		peer.announce(headersOf(weak.slice(0, 500)));
		await bench.rest();
		expect(countOf(peer, 'getHeaders')).toBe(2);
		expect(peer.end).toBeUndefined();
	});
});

describe('p2p_headers_sync_with_minchainwork: a deep fork', () => {
	it('is walked without keeping it until it beats our chain, then fetched and taken', async () => {
		const bench = await Bench.on(heavyChain);
		const winner = lateWinner(bench.harness);
		expect(workOfChain(winner)).toBeGreaterThan(bench.core.tip.work);
		const before = bench.core.tree.size;
		const sizes: number[] = [];
		const peer = await bench.peer(winner, {
			answer: (locator) => {
				sizes.push(bench.core.tree.size);
				return headersAfter(winner, locator);
			}
		});
		expect(sizes.slice(0, 4)).toEqual([before, before, before, before]);
		expect(bench.core.tip.hash).toBe(winner.at(-1)!.hash);
		expect(peer.end).toBeUndefined();
		expect(peer.session.isProven).toBe(false);
	});

	it('is walked and taken, however little work it has, once a closing is known that it turns out to hold', async () => {
		const bench = await Bench.on(heavyChain);
		const { harness } = bench;
		const flat = harness.mineChain(harness.genesis, 700);
		// Beyond the headers of the first message.
		const { header, hash } = flat[MAX_HEADERS + 149]!;
		const closing = signTransaction(
			harness.electionId,
			{ kind: 'closing', height: header.height, blockHash: hash } as const,
			ORGANISER_KEY
		);
		const closed = [...flat, harness.mine(flat.at(-1)!, [closing])];
		expect(workOfChain(closed)).toBeLessThan(bench.core.tip.work);
		const before = bench.core.tree.size;
		const peer = await bench.peer(closed);
		expect(bench.core.tree.size).toBe(before);
		await expect(bench.ledger.addTransaction(closing, 'relaxed')).rejects.toMatchObject({ code: 'unknown-block' });
		bench.sync.consider(peer.session);
		await bench.rest();
		expect(bench.core.tip).toMatchObject({ hash: closed.at(-1)!.hash, isFinal: true });
		expect(peer.end).toBeUndefined();
	});

	it('is not taken from a peer that shows another chain the second time', async () => {
		const bench = await Bench.on(heavyChain);
		const before = { tip: bench.core.tip, size: bench.core.tree.size };
		const winner = lateWinner(bench.harness);
		const other = bench.harness.mineChain(bench.harness.genesis, 1_200);
		let requests = 0;
		const peer = await bench.peer(winner, {
			// Three messages for the first pass; the fourth request is the first of the second.
			answer: (locator) => headersAfter(++requests % 4 === 0 ? other : winner, locator)
		});
		expect(peer.end).toBe('peer-timeout');
		expect(requests).toBe(4 * MAX_STALLS);
		expect({ tip: bench.core.tip, size: bench.core.tree.size }).toEqual(before);
	});

	it('that breaks a rule further on is an offence', async () => {
		const bench = await Bench.on(heavyChain);
		const { harness } = bench;
		const flat = harness.mineChain(harness.genesis, 600);
		const broken = harness.mine(flat.at(-1)!, [], { timestamp: 0 });
		const peer = await bench.peer([...flat, broken], { work: 10n ** 9n });
		expect(peer.end).toBe('bad-time');
	});
});

describe('headers ahead of their bodies', () => {
	it('wait for these, and all are taken in the end', async () => {
		const bench = await Bench.on();
		const chain = bench.harness.mineChain(bench.harness.genesis, MAX_HEADERS_AHEAD + 1_200);
		let most = 0;
		const peer = await bench.peer(chain, {
			answer: (locator) => {
				most = Math.max(most, bench.ahead);
				return headersAfter(chain, locator);
			}
		});
		expect(most).toBeLessThan(MAX_HEADERS_AHEAD + MAX_HEADERS);
		expect(bench.core.tip.hash).toBe(chain.at(-1)!.hash);
		expect(bench.sync.isCaughtUp()).toBe(true);
		expect(peer.end).toBeUndefined();
	});

	it('p2p_ibd_stalling: a peer that withholds the bodies is let go, its headers are forgotten, an honest one wins', async () => {
		const bench = await Bench.on();
		const { harness } = bench;
		const bait = harness.mineChain(harness.genesis, MAX_HEADERS_AHEAD + 1_200);
		const honest = harness.mineChain(harness.genesis, 40);
		const miser = await bench.peer(bait, { withholdsBodies: true });
		expect(bench.ahead).toBe(MAX_HEADERS_AHEAD);
		miser.announce(headersOf(bait.slice(MAX_HEADERS_AHEAD, MAX_HEADERS_AHEAD + MAX_HEADERS)));
		await bench.rest();
		expect(bench.ahead).toBe(MAX_HEADERS_AHEAD);
		const other = await bench.peer(honest);
		// Three times it is asked, and after each everybody else, before it is asked again.
		await bench.advance(2 * MAX_STALLS * BODY_TIMEOUT_MS);
		expect(miser.end).toBe('peer-timeout');
		expect(bench.ahead).toBe(0);
		expect(bench.core.tip.hash).toBe(honest.at(-1)!.hash);
		expect(other.end).toBeUndefined();
		expect(bench.sync.isCaughtUp()).toBe(true);
	});

	it('are forgotten with the last peer that shows them', async () => {
		const bench = await Bench.on();
		const chain = bench.harness.mineChain(bench.harness.genesis, 30);
		const [one, two] = [
			await bench.peer(chain, { withholdsBodies: true }),
			await bench.peer(chain, { withholdsBodies: true })
		];
		expect(bench.ahead).toBe(30);
		one.leave();
		await bench.rest();
		expect(bench.ahead).toBe(30);
		two.leave();
		await bench.rest();
		expect(bench.ahead).toBe(0);
		await bench.peer(chain);
		expect(bench.core.tip.hash).toBe(chain.at(-1)!.hash);
	});

	it('of many branches that one peer shows do not pile up', async () => {
		const bench = await Bench.on();
		const peer = await bench.peer([]);
		for (let branch = 0; branch < 14; branch++) {
			const chain = bench.harness.mineChain(bench.harness.genesis, MAX_HEADERS - 1);
			peer.announce(headersOf(chain));
			await bench.rest();
		}
		expect(bench.ahead).toBeLessThanOrEqual(MAX_HEADERS_AHEAD + MAX_HEADERS);
	});
});

describe('answers and announcements', () => {
	it('an answer that comes twice is no second answer', async () => {
		const bench = await Bench.on();
		const chain = bench.harness.mineChain(bench.harness.genesis, 1_800);
		let twice: Peer | undefined = undefined as Peer | undefined;
		const peer = await bench.peer(chain, {
			work: 0n,
			answer: (locator) => {
				const headers = headersAfter(chain, locator);
				twice?.announce(headers);
				return headers;
			}
		});
		twice = peer;
		peer.announce(headersOf(chain.slice(-1)));
		await bench.advance(HEADERS_TIMEOUT_MS);
		expect(peer.end).toBeUndefined();
		expect(bench.core.tip.hash).toBe(chain.at(-1)!.hash);
	});

	it('p2p_invalid_messages: headers that do not follow each other are an offence', async () => {
		const bench = await Bench.on();
		const [one, two, three] = bench.harness.mineChain(bench.harness.genesis, 3);
		const peer = await bench.peer([]);
		peer.announce(headersOf([one!, three!, two!]));
		await bench.rest();
		expect(peer.end).toBe('bad-message');
	});
});
