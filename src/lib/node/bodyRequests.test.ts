import { expect, it } from 'vitest';
import { heardTimes } from '../../../tests/support/heardTimes';
import type { BlockHash } from '../bytes/hash';
import { ManualClock } from '../clock/manualClock';
import { BodyRequests } from './bodyRequests';
import type { PeerSession } from './peerSession';

const [a, b, c] = ['a', 'b', 'c'] as unknown as [BlockHash, BlockHash, BlockHash];

/** A peer that is only asked. */
function peer(): PeerSession {
	return { send: () => undefined, stalls: 0 } as unknown as PeerSession;
}

it("notes in the browser's timeline how long bodies were under way, and how many", async () => {
	const heard = await heardTimes(() => {
		const requests = new BodyRequests(new ManualClock(0), () => undefined);
		const [one, other] = [peer(), peer()];
		requests.ask(one, [a, b]);
		requests.delivered(a, one);
		requests.ask(other, [c]);
		requests.missing(b, one);
		expect(requests.size).toBe(1);
		requests.drop(other);
		// Sent though nobody was asked: nothing was under way.
		requests.delivered(b, other);
		requests.ask(one, [c]);
		requests.delivered(c, other);
	});
	expect(heard).toEqual(['pollen fetch 3', 'pollen fetch 1']);
});
