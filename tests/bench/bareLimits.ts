import type { Page } from '@playwright/test';
import { LOW_WATER_BYTES, MAX_SENT_PIECE_BYTES } from '../../src/lib/network/limits';

/**
 * Seconds that so many bytes take over a data channel between two ends in one page, with nothing of a node around it, in pieces as
 * long as a node's and as far ahead of the network.
 */
export async function bareChannel(page: Page, bytes: number): Promise<number> {
	return await page.evaluate(sendBytes, { bytes, pieceBytes: MAX_SENT_PIECE_BYTES, aheadBytes: LOW_WATER_BYTES });
}

export interface Writes {
	/** Transactions, one after the other. */
	readonly transactions: number;
	/** Records, over all transactions. */
	readonly records: number;
	readonly recordBytes: number;
}

/** Seconds that such writes take in a database of their own, with nothing of a node around it. */
export async function bareDatabase(page: Page, writes: Writes): Promise<number> {
	return await page.evaluate(writeRecords, writes);
}

/** Runs in the page, as the next one does: without named functions inside, for which the compiler would want a helper that pages lack. */
async function sendBytes(plan: { bytes: number; pieceBytes: number; aheadBytes: number }): Promise<number> {
	const [sender, receiver] = [new RTCPeerConnection(), new RTCPeerConnection()];
	try {
		sender.onicecandidate = ({ candidate }) => void (candidate && receiver.addIceCandidate(candidate));
		receiver.onicecandidate = ({ candidate }) => void (candidate && sender.addIceCandidate(candidate));
		const channel = sender.createDataChannel('bytes');
		channel.bufferedAmountLowThreshold = plan.aheadBytes;
		const allCame = new Promise<void>((resolve) => {
			receiver.ondatachannel = ({ channel: theirs }) => {
				let came = 0;
				theirs.binaryType = 'arraybuffer';
				theirs.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
					came += data.byteLength;
					if (came >= plan.bytes) resolve();
				};
			};
		});
		await sender.setLocalDescription(await sender.createOffer());
		await receiver.setRemoteDescription(sender.localDescription!);
		await receiver.setLocalDescription(await receiver.createAnswer());
		await sender.setRemoteDescription(receiver.localDescription!);
		if (channel.readyState !== 'open') await new Promise((resolve) => (channel.onopen = resolve));
		const startedAt = performance.now();
		for (let sent = 0; sent < plan.bytes; sent += plan.pieceBytes) {
			if (channel.bufferedAmount > plan.aheadBytes) {
				await new Promise((resolve) => (channel.onbufferedamountlow = resolve));
			}
			channel.send(new Uint8Array(Math.min(plan.pieceBytes, plan.bytes - sent)));
		}
		await allCame;
		return (performance.now() - startedAt) / 1_000;
	} finally {
		sender.close();
		receiver.close();
	}
}

async function writeRecords({ transactions, records, recordBytes }: Writes): Promise<number> {
	const name = 'bench-bare-database';
	const opening = indexedDB.open(name, 1);
	opening.onupgradeneeded = () => opening.result.createObjectStore('records');
	await new Promise((resolve, reject) => {
		opening.onsuccess = resolve;
		opening.onerror = reject;
	});
	const database = opening.result;
	const startedAt = performance.now();
	for (let written = 0, turn = 1; turn <= transactions; turn++) {
		const transaction = database.transaction(['records'], 'readwrite', { durability: 'relaxed' });
		const store = transaction.objectStore('records');
		for (; written < (records * turn) / transactions; written++) store.put(new Uint8Array(recordBytes), written);
		await new Promise((resolve, reject) => {
			transaction.oncomplete = resolve;
			transaction.onabort = reject;
		});
	}
	const seconds = (performance.now() - startedAt) / 1_000;
	database.close();
	indexedDB.deleteDatabase(name);
	return seconds;
}
