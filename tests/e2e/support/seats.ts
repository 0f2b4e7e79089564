import type { BrowserContext } from '@playwright/test';
import { DEMO_ELECTION_ID } from '../../../src/lib/election/demo';
import { seatsOf } from '../../../src/lib/node/rendezvous';

/**
 * Listens, from now on, to the registrations of a context's pages. Returns a function that tells whether one of them holds
 * a seat of the demo election at the moment: each seat is a registration, so a socket, of its own.
 */
export function watchSeats(context: BrowserContext): () => boolean {
	const seats = new Set<string>(seatsOf(DEMO_ELECTION_ID));
	let held = 0;
	context.on('page', (page) => {
		page.on('websocket', (socket) => {
			if (!seats.has(new URL(socket.url()).searchParams.get('id') ?? '')) return;
			let isConfirmed = false;
			socket.on('framereceived', ({ payload }) => {
				if (isConfirmed || !String(payload).includes('"OPEN"')) return;
				isConfirmed = true;
				held += 1;
			});
			socket.on('close', () => {
				if (isConfirmed) held -= 1;
			});
		});
	});
	return () => held > 0;
}
