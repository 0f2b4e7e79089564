import { expect, it } from 'vitest';
import { LedgerHarness } from '../../../tests/support/ledgerHarness';
import type { ErrorCode } from '../errors/pollenError';
import type { WireMessage } from '../wire/messages';
import { handleMessage, type HandlerContext } from './handlers';
import { MAX_BODIES_OWED } from './limits';
import type { PeerSession } from './peerSession';

/** A session whose peer takes nothing until it is told to. */
function stuckSession() {
	const sent: WireMessage[] = [];
	const waiting: (() => void)[] = [];
	let closedWith: ErrorCode | undefined;
	const session = {
		owed: 0,
		get closed() {
			return closedWith !== undefined;
		},
		send: (message: WireMessage) => sent.push(message),
		drained: () => new Promise<void>((resolve) => waiting.push(resolve)),
		close: (code: ErrorCode) => (closedWith = code)
	};
	return {
		session: session as unknown as PeerSession,
		sent,
		drain: () => waiting.splice(0).forEach((resolve) => resolve()),
		closedWith: () => closedWith
	};
}

it('sends bodies as the peer takes them, and ends a link that asks faster than it takes', async () => {
	const harness = new LedgerHarness();
	const chain = harness.mineChain(harness.genesis, 16);
	const { ledger } = await harness.openWith(chain);
	const context = { ledger } as HandlerContext;
	const { session, sent, drain, closedWith } = stuckSession();
	const hashes = chain.map(({ hash }) => hash);
	const ask = () => handleMessage(context, session, { type: 'getBlocks', hashes });

	void ask();
	await new Promise(setImmediate);
	expect(sent).toEqual([]);
	drain();
	await new Promise(setImmediate);
	expect(sent).toHaveLength(1);
	expect(session.owed).toBe(15);

	while (session.owed + hashes.length <= MAX_BODIES_OWED) void ask();
	expect(closedWith()).toBeUndefined();
	await ask();
	expect(closedWith()).toBe('unexpected-message');
	drain();
	await new Promise(setImmediate);
	expect(sent).toHaveLength(1);
});
