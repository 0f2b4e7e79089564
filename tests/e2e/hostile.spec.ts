import { ZERO_HASH, type Hash, type TransactionId } from '../../src/lib/bytes/hash';
import type { Header } from '../../src/lib/chain/header';
import { encodeBlock } from '../../src/lib/election/block';
import type { TransactionJson } from '../../src/lib/election/json';
import { encodeTransaction, type Ballot } from '../../src/lib/election/transaction';
import type { ErrorCode } from '../../src/lib/errors/pollenError';
import { MAX_UNASKED } from '../../src/lib/node/limits';
import { encodeFrame } from '../../src/lib/wire/frame';
import { MESSAGE_TYPES } from '../../src/lib/wire/messages';
import { foreignBallot, forgeBlock, goldenBallot, workHash } from './support/forge';
import { offerBallot, offerBlock } from './support/offer';
import { helloLike, type RawLink, type RawPage } from './support/rawPeer';
import { expectAgreement, Tab } from './support/tab';
import { collectComplaints, expect, test, withoutRendezvous } from './support/test';

/**
 * A stranger with PeerJS and no manners, against one of two honest tabs. Whatever it sends, the victim's chain, pending
 * ballots, results and honest link stay as they are, and at the end the pair still votes. The pair serves all tests of
 * this file: what a stranger did before must not matter either.
 */
let honest: Tab;
let victim: Tab;
/** The victim before the test. */
let before: Picture;
const complaints: string[] = [];

test.beforeAll(async ({ browser, baseURL }) => {
	const openTab = async (peerId?: string) => {
		const context = await browser.newContext({ baseURL: baseURL! });
		collectComplaints(context, complaints);
		await withoutRendezvous(context);
		const tab = await Tab.open(context, peerId);
		await tab.setMining(false);
		return tab;
	};
	honest = await openTab();
	victim = await openTab(await honest.peerId());
	await expect.poll(async () => (await victim.status()).peers).toEqual([await honest.peerId()]);
	expect(await offerBlock(victim, forgeBlock(await victim.chain(), [goldenBallot(0)]))).toEqual({ accepted: true });
	expect(await offerBallot(victim, goldenBallot(1))).toEqual({ accepted: true });
	await expectPicture(honest, { ...(await pictureOf(victim)), peers: [await victim.peerId()] });
});

test.afterAll(async () => {
	for (const tab of [victim, honest]) await tab?.page.context().close();
	expect(complaints, 'uncaught errors and policy violations').toEqual([]);
});

test.beforeEach(async () => {
	await expect.poll(async () => (await victim.status()).peers).toEqual([await honest.peerId()]);
	before = await pictureOf(victim);
});

/** Everything that a stranger must not be able to change. */
interface Picture {
	readonly tip: string;
	readonly height: number;
	readonly work: string;
	readonly peers: string[];
	readonly pending: TransactionJson[];
	readonly ballots: number;
	readonly votes: number[];
}

async function pictureOf(tab: Tab): Promise<Picture> {
	return await tab.page.evaluate(() => {
		const { tip, height, work, peers } = globalThis.pollen!.status();
		const { contests, ballots } = globalThis.pollen!.results();
		const votes = contests.flatMap(({ options }) => options.map((option) => option.votes));
		return { tip, height, work, peers, pending: globalThis.pollen!.pending(), ballots, votes };
	});
}

async function expectPicture(tab: Tab, picture: Picture): Promise<void> {
	await expect.poll(() => pictureOf(tab)).toEqual(picture);
}

/** A link on which the hellos have been exchanged. */
async function greet(raw: RawPage): Promise<RawLink> {
	const link = await raw.link(await victim.peerId());
	await link.say(await helloLike(victim));
	await link.heard('getPeers');
	return link;
}

const anyHash = (digit: string) => digit.repeat(64) as Hash;

test('what is no message ends the link, and changes nothing', async ({ raw }) => {
	const { ping, block } = MESSAGE_TYPES;
	const bytes = (...values: number[]) => Uint8Array.from(values);
	const cases: [what: string, pieces: (Uint8Array | string)[], code: ErrorCode | undefined][] = [
		['junk', [Uint8Array.from({ length: 100 }, (_, index) => (index * 37 + 11) % 256)], 'bad-frame'],
		['text', ['{"type":"hello"}'], undefined],
		['an empty piece', [bytes()], 'bad-frame'],
		['another version of the framing', [bytes(2, ping, 0, 0, 0, 4, 0, 0, 0, 1)], 'bad-frame'],
		['a type that does not exist', [bytes(1, 255, 0, 0, 0, 0)], 'bad-frame'],
		['a frame cut short', [bytes(1, ping, 0, 0, 0, 4, 0, 0)], 'bad-frame'],
		['a frame with a byte too many', [bytes(1, ping, 0, 0, 0, 4, 0, 0, 0, 1, 0)], 'bad-frame'],
		['a frame that claims more than 1 MiB', [bytes(1, block, 0, 0x10, 0, 1)], 'oversized'],
		['a ping that claims 1 MiB', [bytes(1, ping, 0, 0x10, 0, 0)], 'oversized'],
		['a payload that is none', [bytes(1, MESSAGE_TYPES.inventory, 0, 0, 0, 2, 0, 1)], 'bad-message'],
		['a piece larger than pieces are', [new Uint8Array(20_000)], undefined],
		['a large frame that is never finished', [encodeFrame(largeBlockMessage())[0]!], 'bad-frame']
	];
	for (const [what, pieces, code] of cases) {
		const link = await greet(raw);
		await link.send(...pieces);
		expect(await link.ending(), what).toBe(code);
	}
	await expectPicture(victim, before);
});

function largeBlockMessage() {
	return { type: 'block', block: new Uint8Array(100_000) } as const;
}

test('a message out of turn ends the link, and its sender is not let in again', async ({ raw }) => {
	const target = await victim.peerId();
	const early = await raw.link(target);
	await early.say({ type: 'getPeers' });
	expect(await early.ending(), 'a message before hello').toBe('unexpected-message');
	const again = await early.dialAgain();
	// The reason is the first thing said on this link, which Chromium may lose.
	expect(['unlinked', undefined], 'the same peer again').toContain(await again.ending());

	for (const message of [
		await helloLike(victim, { electionId: anyHash('e') }),
		{ type: 'election', definition: Uint8Array.of(123, 125) } as const
	]) {
		const link = await greet(raw);
		await link.say(message);
		expect(await link.ending(), message.type).toBe('unexpected-message');
	}

	// An answer that nobody asked for may be late or doubled; only hundreds of them are an offence.
	const talkative = await greet(raw);
	await talkative.repeat({ type: 'pong', id: 4_000_000_000 }, MAX_UNASKED + 1);
	expect(await talkative.ending(), 'pong').toBe('flood');

	const stranger = await raw.link(target);
	await stranger.say(await helloLike(victim, { protocol: 2 }));
	expect(await stranger.ending()).toBe('other-protocol');
	await expectPicture(victim, before);
});

test('a link with other PeerJS options is never opened', async ({ raw }) => {
	const target = await victim.peerId();
	const refused = [
		await raw.dial(target, { serialization: 'json' }),
		await raw.dial(target, { serialization: 'binary' }),
		await raw.dial(target, { reliable: false })
	];
	// Offers reach the victim in the order in which they were made, so that this link is the later one.
	const link = await greet(raw);
	for (const other of refused) expect(await other.isOpen()).toBe(false);
	await link.close();
	await expectPicture(victim, before);
});

test('a block that is valid but for one field is refused, its sender dropped', async ({ raw }) => {
	const chain = await victim.chain();
	const ballot = goldenBallot(2);
	const valid = forgeBlock(chain, [ballot]);
	const { header } = valid;
	const sameTime = forgeBlock(chain, [ballot], { timestamp: header.timestamp - 1 });
	const otherChoice: Ballot = { ...ballot, choices: [0] };

	const headers: [what: string, header: Header, code: ErrorCode][] = [
		['nonce', { ...header, nonce: nonceWithoutWork(header) }, 'bad-work'],
		['version', { ...header, version: 2 }, 'bad-encoding'],
		['height', { ...header, height: header.height + 1 }, 'bad-height'],
		['Merkle root, without new work', { ...header, merkleRoot: anyHash('a') }, 'bad-work'],
		['time, without new work', { ...header, timestamp: header.timestamp + 1 }, 'bad-work'],
		['time, the same as the parent’s', sameTime.header, 'bad-time'],
		['target, easier', { ...header, target: 2n ** 256n - 1n }, 'bad-target'],
		['target, harder', { ...header, target: 1n }, 'bad-target']
	];
	for (const [what, changed, code] of headers) {
		const link = await greet(raw);
		await link.say({ type: 'headers', headers: [changed] });
		expect(await link.ending(), what).toBe(code);
	}

	const badProof = forgeBlock(chain, [otherChoice]);
	const twice = forgeBlock(chain, [goldenBallot(0)]);
	const encoded = encodeBlock(valid);
	const bodies: [what: string, header: Header, block: Uint8Array, code: ErrorCode][] = [
		['ballots, one missing', header, encodeBlock({ header, transactions: [] }), 'bad-merkle-root'],
		['ballots, another choice', header, encodeBlock({ header, transactions: [otherChoice] }), 'bad-merkle-root'],
		['ballots, another choice with the root of it', badProof.header, encodeBlock(badProof), 'bad-proof'],
		['ballots, one of them recorded before', twice.header, encodeBlock(twice), 'duplicate-nullifier'],
		['length, a byte missing', header, encoded.subarray(0, -1), 'bad-encoding'],
		['length, a byte too many', header, Uint8Array.of(...encoded, 0), 'bad-encoding']
	];
	for (const [what, shown, block, code] of bodies) {
		const link = await greet(raw);
		await link.say({ type: 'headers', headers: [shown] });
		await link.heard('getBlocks');
		await link.say({ type: 'block', block });
		expect(await link.ending(), what).toBe(code);
	}
	await expectPicture(victim, before);
	expect((await victim.chain()).map(({ hash }) => hash)).toEqual(chain.map(({ hash }) => hash));
});

/** A nonce beside the right one that does not meet the target; one in twenty thousand would. */
function nonceWithoutWork(header: Header): bigint {
	const nonce = header.nonce + 1n;
	return BigInt(`0x${workHash({ ...header, nonce })}`) > header.target ? nonce : nonce + 1n;
}

test('a block may come too early or on a weaker chain: that changes nothing either', async ({ raw }) => {
	const chain = await victim.chain();
	const orphan = forgeBlock(chain, [], { previousHash: anyHash('b'), target: 2n ** 256n - 1n });
	const weaker = forgeBlock(chain.slice(0, 1), [goldenBallot(2)]);
	const early = forgeBlock(chain, [], { timestamp: Date.now() + 3_600_000 });

	const link = await greet(raw);
	await link.say({ type: 'headers', headers: [orphan.header] });
	expect((await link.heard('getHeaders')).locator, 'the victim asks for what lies between').toContain(before.tip);
	for (const { header } of [weaker, early]) await link.say({ type: 'headers', headers: [header] });
	// Nobody asked for these.
	for (const block of [orphan, weaker, early]) await link.say({ type: 'block', block: encodeBlock(block) });
	expect(await link.isOpen()).toBe(true);
	// Headers are judged in order, so that all of the above are, once this one ends the link.
	await link.say({ type: 'headers', headers: [{ ...early.header, target: 1n }] });
	expect(await link.ending()).toBe('bad-target');
	await expectPicture(victim, before);
});

test('a ballot that was copied, replayed or proved for something else is not counted', async ({ raw }) => {
	const fresh = goldenBallot(2);
	const otherGroup = foreignBallot('otherGroup');
	const cases: [what: string, ballot: Ballot, code: ErrorCode][] = [
		['copied with another choice', { ...fresh, choices: [1] }, 'bad-proof'],
		['copied with another nullifier', { ...fresh, nullifier: goldenBallot(3).nullifier }, 'bad-proof'],
		['damaged proof', { ...fresh, proof: fresh.proof.map((byte) => byte ^ 1) }, 'bad-proof'],
		['proved for another election', foreignBallot('otherElection'), 'bad-proof'],
		['proved for another group', { ...otherGroup, nullifier: goldenBallot(4).nullifier }, 'bad-proof'],
		['an option that there is not', { ...fresh, choices: [3] }, 'unknown-option'],
		['a contest that there is not', { ...fresh, choices: [2, 0] }, 'unknown-option'],
		['no choice at all', { ...fresh, choices: [255] }, 'no-choice']
	];
	for (const [what, ballot, code] of cases) {
		const link = await greet(raw);
		await link.say({ type: 'transaction', transaction: encodeTransaction(ballot) });
		expect(await link.ending(), what).toBe(code);
	}

	const link = await greet(raw);
	// Honest peers do that too: a ballot that is recorded, one that is pending, and a second one of the same credential.
	for (const ballot of [goldenBallot(0), goldenBallot(1), { ...goldenBallot(1), choices: [2] }, otherGroup]) {
		await link.say({ type: 'transaction', transaction: encodeTransaction(ballot) });
	}
	await link.say({ type: 'transaction', transaction: Uint8Array.of(3, 1, 4) });
	expect(await link.ending()).toBe('bad-encoding');
	await expectPicture(victim, before);
});

test('a claim of huge work with no chain behind it moves nothing', async ({ raw }) => {
	const claims = { work: 2n ** 255n, height: 4_000_000, tip: anyHash('c') };
	const liar = await raw.link(await victim.peerId());
	await liar.say(await helloLike(victim, claims));
	await liar.heard('getHeaders');
	await liar.say({ type: 'headers', headers: [] });

	const cheat = await raw.link(await victim.peerId());
	await cheat.say(await helloLike(victim, claims));
	await cheat.heard('getHeaders');
	const free = forgeBlock(await victim.chain(), [], { target: 2n ** 256n - 1n });
	// A tiny target claims huge work; none was done for it.
	await cheat.say({ type: 'headers', headers: [{ ...free.header, target: 1n }] });
	expect(await cheat.ending()).toBe('bad-target');
	await liar.close();
	await expectPicture(victim, before);
});

test('requests for what there is not, and more than may be asked, harm nobody', async ({ raw }) => {
	const link = await greet(raw);
	const unknown = Array.from({ length: 16 }, (_, index) => anyHash(index.toString(16)));
	await link.say({ type: 'getBlocks', hashes: unknown });
	expect((await link.heard('notFound')).hashes).toHaveLength(16);
	await link.say({ type: 'inventory', ids: unknown as Hash[] as TransactionId[] });
	expect((await link.heard('getTransactions')).ids).toHaveLength(16);
	await link.say({ type: 'getHeaders', locator: [ZERO_HASH] });
	expect((await link.heard('headers')).headers).toHaveLength(1);
	await link.send(Uint8Array.of(1, MESSAGE_TYPES.getBlocks, 0, 0, 2, 34, 0, 17, ...new Array<number>(544).fill(0)));
	expect(await link.ending(), 'one hash more than sixteen').toBe('oversized');
	await expectPicture(victim, before);
});

test('a stranger with an odd peer ID does not keep others from asking for peers', async ({ raw }) => {
	const odd = await raw.dial(await victim.peerId(), { as: 'odd peer' });
	const link = await greet(raw);
	// A node may well refuse such an ID; what it may not do is choke on it later.
	if (await odd.isOpen()) {
		await odd.say(await helloLike(victim));
		await odd.heard('getPeers');
	}
	await link.say({ type: 'getPeers' });
	expect((await link.heard('peers')).peerIds).toEqual(expect.arrayContaining(before.peers));
	await link.close();
	await odd.close();
	await expectPicture(victim, before);
});

test('after all that the pair votes, mines and agrees', async () => {
	expect(await offerBlock(victim, forgeBlock(await victim.chain(), [goldenBallot(2)]))).toEqual({ accepted: true });
	await honest.vote('VOID009', 'Socialist Party');
	await expect.poll(async () => (await victim.status()).pending).toBe(2);
	await victim.setMining(true);
	await expectAgreement([victim, honest], [1, 1, 2]);
	expect(await victim.page.evaluate(() => globalThis.pollen!.verify())).toMatchObject({ valid: true, ballots: 4 });
});
