import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, type Browser, type Page } from '@playwright/test';
import type { DataConnection, Peer as PeerClass } from 'peerjs';
import { PROTOCOL_VERSION } from '../../../src/lib/wire/limits';
import { encodeFrame, FrameReader } from '../../../src/lib/wire/frame';
import {
	MESSAGE_TYPES,
	type Hello,
	type MessageName,
	type MessageOf,
	type WireMessage
} from '../../../src/lib/wire/messages';
import type { ErrorCode } from '../../../src/lib/errors/pollenError';
import type { Tab } from './tab';

/** PeerJS as a plain script, beside the module that the package's exports name. */
const PEERJS = join(dirname(createRequire(import.meta.url).resolve('peerjs')), 'peerjs.min.js');

/** A raw link keeps no more than this ahead of the network: Chromium closes a channel whose buffer is full. */
const HIGH_WATER_BYTES = 1024 * 1024;

interface RawState {
	readonly peer: PeerClass;
	readonly connection: DataConnection;
	readonly received: number[][];
	isClosed: boolean;
}

declare global {
	var Peer: typeof PeerClass;
	/** The links of a raw page, in the order in which they were dialled. */
	var rawLinks: RawState[];
	/** Registers with the site's signalling server, under an ID that the server chooses if none is given. */
	var registerRawPeer: (id?: string) => Promise<PeerClass>;
	/** Listens to a connection from now on; returns its index. */
	var keepRawLink: (peer: PeerClass, connection: DataConnection) => number;
}

/** Where a raw page registers; at the site's own signalling server unless told. */
export interface RawSignalling {
	readonly port: number;
	readonly path: string;
}

export interface DialOptions {
	/** The peer ID to register under; the server chooses one if none is given. */
	readonly as?: string;
	readonly serialization?: 'raw' | 'json' | 'binary';
	readonly reliable?: boolean;
}

/** A page of the site's origin that holds PeerJS and nothing of Pollen: it can say whatever it likes to a node. */
export class RawPage {
	private constructor(private readonly page: Page) {}

	static async open(browser: Browser, baseURL: string, signalling?: RawSignalling): Promise<RawPage> {
		const context = await browser.newContext({ baseURL, bypassCSP: true });
		const page = await context.newPage();
		// Any document that the site really serves: a routed one may not talk to this machine (Local Network Access).
		await page.goto('/config.json');
		await page.addScriptTag({ path: PEERJS });
		const server = signalling ?? { port: Number(new URL(baseURL).port), path: '/peerjs' };
		await page.evaluate(
			({ ping, pong, port, path }) => {
				globalThis.rawLinks = [];
				globalThis.registerRawPeer = async (id) => {
					const settings = { host: location.hostname, port, path, config: { iceServers: [] } };
					const peer = id === undefined ? new Peer(settings) : new Peer(id, settings);
					await new Promise((resolve, reject) => peer.on('open', resolve).on('error', reject));
					return peer;
				};
				globalThis.keepRawLink = (peer, connection) => {
					const link: RawState = { peer, connection, received: [], isClosed: false };
					connection.on('data', (data) => {
						const piece = [...new Uint8Array(data as ArrayBuffer)];
						link.received.push(piece);
						// Pings are answered, so that a link lives as long as its test wants: version and payload stay, the type is "pong".
						if (piece[1] === ping) connection.dataChannel.send(Uint8Array.from(piece.with(1, pong)));
					});
					connection.on('close', () => (link.isClosed = true));
					return globalThis.rawLinks.push(link) - 1;
				};
			},
			{ ...MESSAGE_TYPES, ...server }
		);
		return new RawPage(page);
	}

	async stop(): Promise<void> {
		await this.page.context().close();
	}

	/** Registers as a new peer and dials. Does not wait for the link to open. */
	async dial(peerId: string, { as, serialization = 'raw', reliable = true }: DialOptions = {}): Promise<RawLink> {
		const index = await this.page.evaluate(
			async ([target, id, options]) => {
				const peer = await globalThis.registerRawPeer(id);
				return globalThis.keepRawLink(peer, peer.connect(target, options));
			},
			[peerId, as, { serialization, reliable }] as const
		);
		return new RawLink(this.page, index);
	}

	/** Registers as a new peer that dials the same peer so many times at once, and does not look what becomes of it. */
	async offer(peerId: string, times: number): Promise<void> {
		await this.page.evaluate(
			async ([target, times]) => {
				const peer = await globalThis.registerRawPeer();
				for (let offer = 0; offer < times; offer++) peer.connect(target, { serialization: 'raw', reliable: true });
			},
			[peerId, times] as const
		);
	}

	/** Registers as a new peer that answers the first message on every link with this one. Returns its peer ID. */
	async listen(answer: WireMessage): Promise<string> {
		const pieces = encodeFrame(answer).map((piece) => [...piece]);
		return await this.page.evaluate(async (pieces) => {
			const peer = await globalThis.registerRawPeer();
			peer.on('connection', (connection) => {
				globalThis.keepRawLink(peer, connection);
				connection.once('data', () => {
					for (const piece of pieces) connection.dataChannel.send(Uint8Array.from(piece));
				});
			});
			return peer.id;
		}, pieces);
	}

	/** The newest link of the page; waits until there is one. */
	async newest(): Promise<RawLink> {
		await this.page.waitForFunction(() => globalThis.rawLinks.length > 0);
		return new RawLink(this.page, await this.page.evaluate(() => globalThis.rawLinks.length - 1));
	}

	/**
	 * Dials, and waits until the link is open. Nothing is expected of the other side yet: Chromium can lose what the
	 * answering side of a channel sends right on its opening, but never an answer, so whoever dials speaks first.
	 */
	async link(peerId: string): Promise<RawLink> {
		const link = await this.dial(peerId);
		await expect.poll(() => link.isOpen(), 'the link is open').toBe(true);
		return link;
	}
}

/** One connection of a raw page. */
export class RawLink {
	constructor(
		private readonly page: Page,
		private readonly index: number
	) {}

	/** Sends each as one message of the data channel: bytes as they are, text as text. */
	async send(...pieces: (Uint8Array | string)[]): Promise<void> {
		await this.page.evaluate(
			([index, parts]) => {
				const channel = globalThis.rawLinks[index]!.connection.dataChannel;
				for (const part of parts) {
					if (typeof part === 'string') channel.send(part);
					else channel.send(new Uint8Array(part));
				}
			},
			[this.index, pieces.map((piece) => (typeof piece === 'string' ? piece : [...piece]))] as const
		);
	}

	async say(message: WireMessage): Promise<void> {
		await this.send(...encodeFrame(message));
	}

	/** Says something over and over, as fast as the link takes it; ends early when the other side has hung up. */
	async repeat(message: WireMessage, times: number): Promise<void> {
		await this.page.evaluate(
			async ([index, parts, times, highWaterBytes]) => {
				const { dataChannel: channel } = globalThis.rawLinks[index]!.connection;
				const pieces = parts.map((part) => Uint8Array.from(part));
				for (let said = 0; said < times; said++) {
					while (channel.readyState === 'open' && channel.bufferedAmount > highWaterBytes) {
						await new Promise((resolve) => setTimeout(resolve, 5));
					}
					if (channel.readyState !== 'open') return;
					for (const piece of pieces) channel.send(piece);
				}
			},
			[this.index, encodeFrame(message).map((piece) => [...piece]), times, HIGH_WATER_BYTES] as const
		);
	}

	/** Waits until the other side has said something of this type, and returns the last of it. */
	async heard<Name extends MessageName>(type: Name, options: { timeout?: number } = {}): Promise<MessageOf<Name>> {
		let found: WireMessage | undefined;
		await expect
			.poll(async () => {
				const messages = await this.#messages();
				found = messages.findLast((message) => message.type === type);
				return messages.map((message) => message.type);
			}, options)
			.toContain(type);
		return found as MessageOf<Name>;
	}

	/** Waits until the other side has closed the link. Returns the reason it gave; undefined when it gave none. */
	async ending(): Promise<ErrorCode | undefined> {
		await expect.poll(async () => (await this.#state()).isClosed, 'the link is closed by the other side').toBe(true);
		const messages = await this.#messages();
		const [bye] = messages.filter((message) => message.type === 'bye');
		return bye?.code;
	}

	/** Dials once more, under the same peer ID. */
	async dialAgain(): Promise<RawLink> {
		const index = await this.page.evaluate((index) => {
			const { peer, connection } = globalThis.rawLinks[index]!;
			return globalThis.keepRawLink(peer, peer.connect(connection.peer, { serialization: 'raw', reliable: true }));
		}, this.index);
		return new RawLink(this.page, index);
	}

	async isOpen(): Promise<boolean> {
		return (await this.#state()).isOpen;
	}

	async close(): Promise<void> {
		await this.page.evaluate((index) => globalThis.rawLinks[index]!.connection.close(), this.index);
	}

	async #messages(): Promise<WireMessage[]> {
		const reader = new FrameReader();
		const { received } = await this.#state();
		return received.map((piece) => reader.push(Uint8Array.from(piece))).filter((message) => message !== undefined);
	}

	async #state() {
		return await this.page.evaluate((index) => {
			const { connection, received, isClosed } = globalThis.rawLinks[index]!;
			return { isOpen: connection.open, received, isClosed };
		}, this.index);
	}
}

/** The hello of a node that holds just what this tab holds. */
export async function helloLike(tab: Tab, changes: Partial<Hello> = {}): Promise<Hello> {
	const { electionId, title, height, work, tip } = await tab.status();
	const hello = { electionId, title, height, work: BigInt(work), tip, label: 'raw', protocol: PROTOCOL_VERSION };
	return { type: 'hello', ...hello, ...changes };
}
