import type { Browser } from '@playwright/test';
import { percentile } from './percentile';

declare global {
	/** The only data channel of a page that holds nothing else. */
	var bareChannel: Promise<RTCDataChannel>;
	var bareConnection: RTCPeerConnection;
}

const ROUND_TRIPS = 50;

/**
 * Milliseconds that so many bytes take from one page of a browser to another over one data channel with nothing of Pollen around it:
 * half the median round trip.
 */
export async function measureBareHop(browser: Browser, url: string, bytes: number): Promise<number> {
	const context = await browser.newContext({ bypassCSP: true });
	try {
		const [near, far] = [await context.newPage(), await context.newPage()];
		for (const page of [near, far]) await page.goto(url);
		const offer = await near.evaluate(async () => {
			const connection = (globalThis.bareConnection = new RTCPeerConnection());
			const channel = connection.createDataChannel('bare');
			channel.binaryType = 'arraybuffer';
			globalThis.bareChannel = new Promise((resolve) => (channel.onopen = () => resolve(channel)));
			await connection.setLocalDescription();
			await new Promise<void>((resolve) => {
				connection.onicecandidate = ({ candidate }) => candidate === null && resolve();
			});
			return connection.localDescription!.sdp;
		});
		const answer = await far.evaluate(async (sdp) => {
			const connection = (globalThis.bareConnection = new RTCPeerConnection());
			connection.ondatachannel = ({ channel }) => {
				channel.binaryType = 'arraybuffer';
				channel.onmessage = ({ data }) => channel.send(data as ArrayBuffer);
			};
			await connection.setRemoteDescription({ type: 'offer', sdp });
			await connection.setLocalDescription();
			await new Promise<void>((resolve) => {
				connection.onicecandidate = ({ candidate }) => candidate === null && resolve();
			});
			return connection.localDescription!.sdp;
		}, offer);
		const roundTrips = await near.evaluate(
			async ([sdp, bytes, times]) => {
				await globalThis.bareConnection.setRemoteDescription({ type: 'answer', sdp });
				const channel = await globalThis.bareChannel;
				const durations: number[] = [];
				for (let round = 0; round < times; round++) {
					const startMs = performance.now();
					const back = new Promise((resolve) => (channel.onmessage = resolve));
					channel.send(new Uint8Array(bytes));
					await back;
					durations.push(performance.now() - startMs);
				}
				return durations;
			},
			[answer, bytes, ROUND_TRIPS] as const
		);
		return percentile(roundTrips, 0.5) / 2;
	} finally {
		await context.close();
	}
}
