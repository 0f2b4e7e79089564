import { bytesToHex } from '../../src/lib/bytes/hex';
import type { Header } from '../../src/lib/chain/header';
import type { Block } from '../../src/lib/election/block';
import { DEMO_ELECTION, DEMO_ELECTION_ID, DEMO_VOTERS } from '../../src/lib/election/demo';
import { blockToJson, transactionToJson, type BlockJson } from '../../src/lib/election/json';
import type { ErrorCode } from '../../src/lib/errors/pollenError';
import type { VoteRequest } from '../../src/lib/node/api';
import { foreignBallot, forgeBlock, goldenBallot, workHash } from './support/forge';
import { offerBallot, offerBallotJson, offerBlock, offerBlockJson } from './support/offer';
import type { Tab } from './support/tab';
import { expect, test } from './support/test';

const HASH = /^[0-9a-f]{64}$/;
const ACCEPTED = { accepted: true };
const refused = (code: ErrorCode) => ({ accepted: false, code });

/** Opens a tab that mines only when told to, and puts a block with each of these golden ballots on its chain. */
async function openWith(openTab: (profile: string) => Promise<Tab>, ballots: readonly number[]): Promise<Tab> {
	const tab = await openTab('own');
	await tab.setMining(false);
	for (const index of ballots) {
		expect(await offerBlock(tab, forgeBlock(await tab.chain(), [goldenBallot(index)]))).toEqual(ACCEPTED);
	}
	return tab;
}

/** The code with which a call is refused. */
async function refusalOf(tab: Tab, method: 'vote' | 'link', argument: unknown): Promise<unknown> {
	return await tab.page.evaluate(
		([method, argument]) =>
			globalThis.pollen![method as 'link'](argument as string).then(
				() => 'not refused',
				(error: Error & { code?: string }) => (error.name === 'PollenError' ? error.code : String(error))
			),
		[method, argument] as const
	);
}

test('status, chain, pending and results say what the node holds', async ({ openTab }) => {
	const tab = await openWith(openTab, [0]);
	expect(await offerBallot(tab, goldenBallot(1))).toEqual(ACCEPTED);
	const told = await tab.page.evaluate(async () => {
		const { pollen } = globalThis;
		return {
			status: pollen!.status(),
			chain: await pollen!.chain(),
			pending: pollen!.pending(),
			results: pollen!.results()
		};
	});
	const [genesis, block] = told.chain.chain as [BlockJson, BlockJson];
	expect(told.status).toEqual({
		peerId: expect.stringMatching(/^[A-Za-z0-9_-]+$/),
		electionId: DEMO_ELECTION_ID,
		title: DEMO_ELECTION.title,
		height: 1,
		tip: block.hash,
		work: expect.stringMatching(/^[1-9][0-9]*$/),
		peers: [],
		pending: 1,
		mining: false,
		hashRate: 0,
		phase: 'open'
	});
	expect(told.chain).toEqual({ length: 2, chain: [genesis, block], peers: [] });
	expect(genesis).toMatchObject({ hash: DEMO_ELECTION_ID, height: 0, timestamp: 0, nonce: '0', transactions: [] });
	expect(block).toEqual({
		hash: expect.stringMatching(HASH),
		height: 1,
		previousHash: DEMO_ELECTION_ID,
		merkleRoot: expect.stringMatching(HASH),
		timestamp: 1,
		target: expect.stringMatching(HASH),
		nonce: expect.stringMatching(/^[0-9]+$/),
		version: 1,
		transactions: [transactionToJson(goldenBallot(0))]
	});
	expect(told.pending).toEqual([transactionToJson(goldenBallot(1))]);
	const [contest] = DEMO_ELECTION.contests;
	const options = contest!.options.map((title, index) => ({ title, votes: index === 0 ? 1 : 0 }));
	const contests = [{ title: contest!.title, options }];
	expect(told.results).toEqual({ contests, ballots: 1, eligible: 15, enrolled: 15 });
});

test('vote casts a ballot, or is refused with a code', async ({ openTab }) => {
	const tab = await openWith(openTab, []);
	const { voterId, code } = DEMO_VOTERS[8]!;
	const otherCode = DEMO_VOTERS[9]!.code;
	const cases: [request: VoteRequest, code: ErrorCode][] = [
		[{ voterId: 'VOID999', code, choices: [0] }, 'unknown-voter'],
		[{ voterId: '', code, choices: [0] }, 'unknown-voter'],
		[{ voterId, code: otherCode, choices: [0] }, 'wrong-code'],
		[{ voterId, code: `${code.slice(0, -1)}U`, choices: [0] }, 'wrong-code'],
		[{ voterId, code: '', choices: [0] }, 'wrong-code'],
		[{ voterId, code, choices: [255] }, 'no-choice'],
		[{ voterId, code, choices: [3] }, 'unknown-option'],
		[{ voterId, code, choices: [-1] }, 'unknown-option'],
		[{ voterId, code, choices: [0.5] }, 'unknown-option'],
		[{ voterId, code, choices: [] }, 'unknown-option'],
		[{ voterId, code, choices: [0, 1] }, 'unknown-option']
	];
	for (const [request, expected] of cases) {
		expect(await refusalOf(tab, 'vote', request), JSON.stringify(request)).toBe(expected);
	}
	expect((await tab.status()).pending).toBe(0);

	// The code as a voter may type it: in small letters, in groups.
	const typed = code.toLowerCase().replace(/(....)(?=.)/g, '$1-');
	const receipt = await tab.page.evaluate((request) => globalThis.pollen!.vote(request), {
		voterId,
		code: typed,
		choices: [2]
	});
	expect(receipt).toEqual({ ballotId: expect.stringMatching(HASH), nullifier: expect.stringMatching(HASH) });
	const [pending] = await tab.page.evaluate(() => globalThis.pollen!.pending());
	expect(pending).toMatchObject({ id: receipt.ballotId, nullifier: receipt.nullifier, choices: [2] });

	expect(await refusalOf(tab, 'vote', { voterId, code, choices: [0] }), 'pending').toBe('already-voted');
	await tab.page.evaluate(() => globalThis.pollen!.mine());
	expect(await refusalOf(tab, 'vote', { voterId, code, choices: [0] }), 'recorded').toBe('already-voted');
	expect(await tab.tally()).toEqual([0, 0, 1]);
});

test('submit judges a ballot', async ({ openTab }) => {
	const tab = await openWith(openTab, [0]);
	const ballot = goldenBallot(1);
	const json = transactionToJson(ballot);
	const cases: [what: string, json: unknown, judgement: object][] = [
		['nothing', null, refused('bad-encoding')],
		['text', 'ballot', refused('bad-encoding')],
		['a missing field', { ...json, proof: undefined }, refused('bad-encoding')],
		['an unknown field', { ...json, voterId: 'VOID002' }, refused('bad-encoding')],
		['an unknown kind', { ...json, kind: 'vote' }, refused('bad-encoding')],
		['a nullifier too large', { ...json, nullifier: 'f'.repeat(64) }, refused('bad-encoding')],
		['half a proof', { ...json, proof: bytesToHex(ballot.proof).slice(256) }, refused('bad-encoding')],
		['another choice', { ...json, choices: [0] }, refused('bad-proof')],
		['a proof for another election', transactionToJson(foreignBallot('otherElection')), refused('bad-proof')],
		['no option', { ...json, choices: [255] }, refused('no-choice')],
		['an option that there is not', { ...json, choices: [9] }, refused('unknown-option')],
		['a recorded ballot', transactionToJson(goldenBallot(0)), ACCEPTED],
		['a second one', { ...transactionToJson(goldenBallot(0)), choices: [1] }, refused('duplicate-nullifier')],
		['a good ballot', json, ACCEPTED],
		['a pending ballot', json, ACCEPTED],
		['a second one while it is pending', { ...json, choices: [2] }, refused('duplicate-nullifier')]
	];
	for (const [what, offered, judgement] of cases) {
		expect(await offerBallotJson(tab, offered), what).toEqual(judgement);
	}
	expect(await tab.page.evaluate(() => globalThis.pollen!.pending())).toEqual([json]);
	expect(await tab.tally()).toEqual([1, 0, 0]);
});

test('addBlock judges a block', async ({ openTab }) => {
	const tab = await openWith(openTab, [0]);
	const chain = await tab.chain();
	const valid = forgeBlock(chain, [goldenBallot(1)]);
	const json = blockToJson(valid, workHash(valid.header));
	const unproven = forgeBlock(chain, [{ ...goldenBallot(1), choices: [0] }]);
	const unprovenJson = blockToJson(unproven, workHash(unproven.header));
	const { timestamp } = valid.header;
	const forged = (changes: Partial<Header>): Block => forgeBlock(chain, [], changes);
	const easy = 2n ** 256n - 1n;

	const cases: [what: string, block: Block | unknown, judgement: object][] = [
		['nothing', undefined, refused('bad-encoding')],
		['a missing field', { ...json, nonce: undefined }, refused('bad-encoding')],
		['a nonce with a leading zero', { ...json, nonce: `0${json.nonce}` }, refused('bad-encoding')],
		['another version', { ...json, version: 2 }, refused('bad-encoding')],
		['too many ballots', { ...json, transactions: new Array(1001).fill(null) }, refused('oversized')],
		['other ballots', { ...json, transactions: [] }, refused('bad-merkle-root')],
		['another height', { ...json, height: 7 }, refused('bad-height')],
		['another target', { ...json, target: 'f'.repeat(64) }, refused('bad-target')],
		['another time without work', { ...json, timestamp: timestamp + 1 }, refused('bad-work')],
		['the time of its parent', toJson(forged({ timestamp: timestamp - 1 })), refused('bad-time')],
		['a time in the future', toJson(forged({ timestamp: Date.now() + 3_600_000 })), refused('future-time')],
		['no parent', toJson(forged({ previousHash: valid.header.merkleRoot, target: easy })), refused('unknown-parent')],
		['a ballot whose proof fails', unprovenJson, refused('bad-proof')],
		['a child of that', toJson(forgeBlock([...chain, unprovenJson], [])), refused('invalid-parent')],
		['a ballot again', toJson(forgeBlock(chain, [goldenBallot(0)])), refused('duplicate-nullifier')],
		['a good block', json, ACCEPTED],
		['a known block', json, ACCEPTED],
		['a good block on a weaker chain', toJson(forgeBlock(chain.slice(0, 1), [goldenBallot(2)])), ACCEPTED]
	];
	for (const [what, offered, judgement] of cases) {
		expect(await offerBlockJson(tab, offered), what).toEqual(judgement);
	}
	expect(await tab.status()).toMatchObject({ height: 2, tip: json.hash, pending: 0 });
	expect(await tab.tally()).toEqual([1, 1, 0]);
});

const toJson = (block: Block) => blockToJson(block, workHash(block.header));

test('mine makes one block when something is pending; setMining lets the node do it', async ({ openTab }) => {
	const tab = await openWith(openTab, []);
	const mine = () => tab.page.evaluate(() => globalThis.pollen!.mine());
	expect(await mine(), 'nothing is pending').toBeNull();

	await offerBallot(tab, goldenBallot(0));
	expect((await tab.status()).mining).toBe(false);
	const mined = await mine();
	expect(mined).toEqual({ height: 1, hash: expect.stringMatching(HASH) });
	expect(await tab.status()).toMatchObject({ height: 1, tip: mined!.hash, pending: 0, mining: false });
	expect(await mine(), 'nothing is pending any more').toBeNull();

	await offerBallot(tab, goldenBallot(1));
	await tab.setMining(true);
	await expect.poll(async () => (await tab.status()).height).toBeGreaterThanOrEqual(2);
	await tab.setMining(false);
	expect(await tab.status()).toMatchObject({ mining: false, hashRate: 0 });
});

test('link, unlink and resync', async ({ openTab }) => {
	const first = await openTab('a');
	const second = await openTab('b');
	const [firstId, secondId] = [await first.peerId(), await second.peerId()];
	expect(await refusalOf(first, 'link', firstId)).toBe('self-link');
	expect(await refusalOf(first, 'link', 'nobody-here')).toBe('unknown-peer');
	expect(await refusalOf(first, 'link', 'no peer ID!')).toBe('unknown-peer');

	await first.page.evaluate((peerId) => globalThis.pollen!.link(peerId), secondId);
	expect((await first.status()).peers).toEqual([secondId]);
	await expect.poll(async () => (await second.status()).peers).toEqual([firstId]);
	expect((await first.page.evaluate(() => globalThis.pollen!.chain())).peers).toEqual([secondId]);

	await first.page.evaluate((peerId) => globalThis.pollen!.unlink(peerId), secondId);
	expect((await first.status()).peers).toEqual([]);
	await expect.poll(async () => (await second.status()).peers).toEqual([]);
	await first.setMining(false);
	await second.setMining(false);
	await offerBlock(first, forgeBlock(await first.chain(), [goldenBallot(0)]));
	await offerBallot(first, goldenBallot(1));

	await second.page.evaluate((peerId) => globalThis.pollen!.link(peerId), firstId);
	await second.page.evaluate(() => globalThis.pollen!.resync());
	expect(await second.status()).toMatchObject({ height: 1, tip: (await first.status()).tip });
	await expect.poll(async () => (await second.status()).pending).toBe(1);
});

test('what may take time returns a promise, what reads does not', async ({ openTab }) => {
	const tab = await openWith(openTab, []);
	const promises = await tab.page.evaluate(() => {
		const pollen = globalThis.pollen!;
		const calls: Record<string, unknown> = {
			status: pollen.status(),
			chain: pollen.chain(),
			pending: pollen.pending(),
			vote: pollen.vote({ voterId: 'nobody', code: '', choices: [0] }),
			mine: pollen.mine(),
			setMining: pollen.setMining(false),
			link: pollen.link('nobody'),
			unlink: pollen.unlink('nobody'),
			resync: pollen.resync(),
			submit: pollen.submit({}),
			addBlock: pollen.addBlock({}),
			results: pollen.results(),
			verify: pollen.verify()
		};
		for (const result of Object.values(calls)) if (result instanceof Promise) result.catch(() => undefined);
		const names = Object.keys(pollen).sort();
		return {
			names,
			called: Object.keys(calls).sort(),
			reads: names.filter((name) => !(calls[name] instanceof Promise))
		};
	});
	expect(promises.names).toEqual(promises.called);
	expect(promises.reads).toEqual(['pending', 'results', 'status']);
});

test('verify finds what was changed in storage, and a reload repairs it', async ({ openTab }) => {
	const tab = await openWith(openTab, [0, 1]);
	const verify = () => tab.page.evaluate(() => globalThis.pollen!.verify());
	expect(await verify()).toEqual({ valid: true, blocks: 3, ballots: 2, problems: [] });

	const [, first] = await tab.chain();
	await tamper(tab, first!.hash);
	const { valid, problems } = await verify();
	expect(valid).toBe(false);
	expect(problems[0]).toEqual({ height: 1, code: 'bad-merkle-root' });

	// The ballot in the damaged block is lost on a node without peers; that of the block after it is recorded again.
	await tab.page.reload();
	await tab.ready();
	await expect.poll(() => tab.tally()).toEqual([0, 1, 0]);
	expect(await verify()).toMatchObject({ valid: true, ballots: 1, problems: [] });
	expect((await tab.chain()).map(({ hash }) => hash)).not.toContain(first!.hash);
});

/** Changes the last byte of a stored block, which belongs to the proof of its last ballot. */
async function tamper(tab: Tab, hash: string): Promise<void> {
	await tab.page.evaluate(
		async ([electionId, blockHash]) => {
			const done = <T>(request: IDBRequest<T>) =>
				new Promise<T>((resolve, reject) => {
					request.onsuccess = () => resolve(request.result);
					request.onerror = () => reject(request.error as Error);
				});
			const database = await done(indexedDB.open('pollen-node-0'));
			const store = database.transaction('blocks', 'readwrite').objectStore('blocks');
			const record = (await done(store.get([electionId, blockHash]))) as { bytes: Uint8Array };
			record.bytes[record.bytes.length - 1]! ^= 1;
			await done(store.put(record));
			database.close();
		},
		[DEMO_ELECTION_ID, hash] as const
	);
}
