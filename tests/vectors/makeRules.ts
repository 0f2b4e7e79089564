/*
 * Writes rules.json: `npx tsx tests/vectors/makeRules.ts`. Work, signatures and proofs in it are real, so that it says to
 * other implementations what it says to this one. Proofs differ from run to run; run it only when a rule changes.
 */
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { ZERO_HASH, type BlockHash, type ElectionId, type Hash } from '../../src/lib/bytes/hash';
import { bytesToHex } from '../../src/lib/bytes/hex';
import { sha256, sha256Hash } from '../../src/lib/bytes/sha256';
import { fromUtf8, utf8 } from '../../src/lib/bytes/text';
import { MAX_FUTURE_MS } from '../../src/lib/chain/checkHeader';
import { nextTarget } from '../../src/lib/chain/difficulty';
import { encodeHeader, type Header } from '../../src/lib/chain/header';
import { meetsTarget, workHashSync } from '../../src/lib/chain/work';
import { ballotMessage } from '../../src/lib/election/ballotMessage';
import { encodeBlock, transactionsRoot } from '../../src/lib/election/block';
import { encodeElection, type Election } from '../../src/lib/election/definition';
import { electionIdOf, genesisBlock } from '../../src/lib/election/genesis';
import { MAX_BLOCK_BYTES, MAX_BLOCK_TRANSACTIONS } from '../../src/lib/election/limits';
import { publicKeyOf, signTransaction } from '../../src/lib/election/signing';
import { ABSTAIN, type Ballot, type Transaction } from '../../src/lib/election/transaction';
import { credentialOf } from '../../src/lib/proofs/credential';
import { inlineProofs } from '../../src/lib/proofs/inlineProofs';
import { nodeArtifacts } from '../../src/lib/proofs/nodeArtifacts';
import type { ForkCase, RuleCase, RuleSubject, RuleVectors } from './ruleVectors';

const NEW_YEAR = Date.parse('2026-01-01T00:00:00.000Z');
const DAY = 86_400_000;
const INTERVAL = 60_000;

const keyOf = (name: string) => sha256(utf8(`pollen rule vectors: ${name}`));
const ORGANISER = keyOf('organiser');
const STRANGER = keyOf('stranger');
const VOTERS = [0, 1, 2, 3];
const rollKey = (voter: number) => keyOf(`roll key ${voter}`);
const credential = (voter: number) => keyOf(`credential ${voter}`);
const commitmentOf = (voter: number): Hash => credentialOf(credential(voter)).commitment;

const common = {
	version: 1,
	description: '',
	contests: [
		{ title: 'Colour', options: ['Red', 'Green', 'Blue'] },
		{ title: 'Bridge', options: ['Yes', 'No'] }
	],
	blockInterval: INTERVAL,
	initialDifficulty: 4,
	proofDepth: 10
} as const;

const ELECTIONS: Record<string, Election> = {
	/** Credentials are made by the voters; closes two days after the new year. */
	enrolment: {
		...common,
		title: 'Rules, with enrolment',
		eligibility: 'enrolment',
		roll: VOTERS.map((voter) => ({ voterId: `V${voter}`, key: publicKeyOf(rollKey(voter)) })),
		organiser: publicKeyOf(ORGANISER),
		opensAt: null,
		closesAt: new Date(NEW_YEAR + 2 * DAY).toISOString()
	},
	/** Credentials are handed out; opens a day after the new year, and nobody can close it. */
	issued: {
		...common,
		title: 'Rules, with codes that were issued',
		eligibility: 'issued',
		roll: VOTERS.map((voter) => ({ voterId: `V${voter}`, key: commitmentOf(voter) })),
		organiser: null,
		opensAt: new Date(NEW_YEAR + DAY).toISOString(),
		closesAt: null
	}
};

/** A block that others can build on. */
interface Point {
	readonly name: string;
	readonly hash: BlockHash;
	readonly header: Header;
	readonly parent: Point | undefined;
}

const blocks: Record<string, string> = {};
const cases: RuleCase[] = [];
const forks: ForkCase[] = [];

/** One of the elections, with what its voters and its organiser can say in it. */
class Scene {
	readonly election: Election;
	readonly electionId: ElectionId;
	readonly genesis: Point;
	readonly #proofs;

	constructor(readonly name: string) {
		this.election = ELECTIONS[name] as Election;
		this.electionId = electionIdOf(this.election);
		this.genesis = { name: '', hash: this.electionId, header: genesisBlock(this.election).header, parent: undefined };
		this.#proofs = inlineProofs(nodeArtifacts)({ scope: this.electionId, depth: this.election.proofDepth });
	}

	/** A block that keeps all rules of headers, but for what `changes` makes of it. */
	mine(parent: Point, transactions: readonly Transaction[], changes: Partial<Header> = {}, isWorked = true) {
		const header: Header = {
			nonce: 0n,
			version: 1,
			height: parent.header.height + 1,
			previousHash: parent.hash,
			merkleRoot: transactionsRoot(transactions),
			timestamp: Math.max(NEW_YEAR, parent.header.timestamp + INTERVAL),
			target: nextTarget(this.election, parent.header, parent.parent?.header),
			...changes
		};
		for (let { nonce } = header; ; nonce++) {
			const mined = { ...header, nonce };
			const hash = workHashSync(encodeHeader(mined));
			if (meetsTarget(hash, header.target) === isWorked) return { hash, block: { header: mined, transactions } };
		}
	}

	/** Mines a block that others build on, and keeps it under a name. */
	keep(name: string, parent: Point, transactions: readonly Transaction[], changes: Partial<Header> = {}): Point {
		const { hash, block } = this.mine(parent, transactions, changes);
		blocks[name] = bytesToHex(encodeBlock(block));
		return { name, hash, header: block.header, parent };
	}

	enrolment(voter: number, commitment = commitmentOf(voter), signer = rollKey(voter)) {
		return signTransaction(this.electionId, { kind: 'enrolment' as const, rollIndex: voter, commitment }, signer);
	}

	async opening(voters: readonly number[], changes: { groupSize?: number; groupRoot?: Hash } = {}, signer = ORGANISER) {
		const group = voters.map(commitmentOf).toSorted();
		const groupRoot = await this.#proofs.groupRootOf(group);
		const opening = { kind: 'opening' as const, groupSize: group.length, groupRoot, ...changes };
		return signTransaction(this.electionId, opening, signer);
	}

	/** A ballot with a real proof for the group of these voters. */
	async ballot(voter: number, choices: readonly number[], voters: readonly number[]): Promise<Ballot> {
		const commitments = voters.map(commitmentOf);
		const group = this.election.eligibility === 'issued' ? commitments : commitments.toSorted();
		const message = ballotMessage(this.electionId, choices);
		const { nullifier, proof } = await this.#proofs.prove(credential(voter), group, message);
		return { kind: 'ballot', nullifier, choices, proof };
	}

	closing(point: Pick<Point, 'hash'> & { header: Pick<Header, 'height'> }, signer = ORGANISER) {
		const closing = { kind: 'closing' as const, height: point.header.height, blockHash: point.hash };
		return signTransaction(this.electionId, closing, signer);
	}

	/** Notes what a node on `parent` must say to a block. */
	judge(
		subject: RuleSubject,
		name: string,
		code: RuleCase['code'],
		parent: Point,
		block: string,
		more: Partial<RuleCase> = {}
	) {
		const chain = chainOf(parent);
		const now = Math.max(NEW_YEAR, parent.header.timestamp) + INTERVAL;
		cases.push({ subject, name, election: this.name, chain, now, ...more, block, code });
	}

	/** Notes what a node on `parent` must say to a block of these transactions. */
	offer(
		subject: RuleSubject,
		name: string,
		code: RuleCase['code'],
		parent: Point,
		transactions: readonly Transaction[],
		changes: Partial<Header> = {}
	) {
		const { block } = this.mine(parent, transactions, changes);
		const now = Math.max(NEW_YEAR, block.header.timestamp);
		this.judge(subject, name, code, parent, bytesToHex(encodeBlock(block)), { now });
	}
}

function chainOf(point: Point): string[] {
	return point.parent ? [...chainOf(point.parent), point.name] : [];
}

/** Each breaks one rule of headers and no other, so far as that is possible. */
function headerCases(scene: Scene, parent: Point): void {
	const { timestamp } = parent.header;
	const target = nextTarget(scene.election, parent.header, parent.parent?.header);
	const offer = (name: string, code: RuleCase['code'], changes: Partial<Header>) =>
		scene.offer('header', name, code, parent, [], changes);
	offer('keeps every rule', null, {});
	offer('version 2', 'bad-encoding', { version: 2 });
	offer('builds on a block that is not known', 'unknown-parent', { previousHash: sha256Hash(utf8('nothing')) });
	offer('builds on a block of zeros', 'unknown-parent', { previousHash: ZERO_HASH });
	offer('skips a height', 'bad-height', { height: parent.header.height + 2 });
	offer('repeats a height', 'bad-height', { height: parent.header.height });
	offer('a target one higher than follows', 'bad-target', { target: target + 1n });
	offer('a target one lower than follows', 'bad-target', { target: target - 1n });
	const unworked = bytesToHex(encodeBlock(scene.mine(parent, [], {}, false).block));
	scene.judge('header', 'a hash above the target', 'bad-work', parent, unworked);
	offer('one millisecond after the parent', null, { timestamp: timestamp + 1 });
	offer('at the time of the parent', 'bad-time', { timestamp });
	offer('before the parent', 'bad-time', { timestamp: timestamp - 1 });
	const ahead = bytesToHex(encodeBlock(scene.mine(parent, [], { timestamp: timestamp + INTERVAL }).block));
	const clock = (now: number) => ({ now: timestamp + INTERVAL - now });
	scene.judge('header', 'exactly a minute ahead of the clock', null, parent, ahead, clock(MAX_FUTURE_MS));
	scene.judge('header', 'over a minute ahead', 'future-time', parent, ahead, clock(MAX_FUTURE_MS + 1));
}

function blockCases(scene: Scene, parent: Point): void {
	const { block } = scene.mine(parent, [scene.enrolment(3)]);
	const hex = bytesToHex(encodeBlock(block));
	const empty = bytesToHex(encodeBlock(scene.mine(parent, []).block));
	const header = hex.slice(0, 2 * 117);
	const judge = (name: string, code: RuleCase['code'], bytes: string, paddedTo?: number) =>
		scene.judge('block', name, code, parent, bytes, { ...(paddedTo !== undefined && { paddedTo }) });
	judge('without transactions', null, empty);
	judge('with one transaction', null, hex);
	judge('another root than that of its transactions', 'bad-merkle-root', empty.slice(0, 2 * 117) + hex.slice(2 * 117));
	judge('a byte too many', 'bad-encoding', `${hex}00`);
	judge('a byte too few', 'bad-encoding', hex.slice(0, -2));
	judge('a transaction of no kind', 'bad-encoding', `${hex.slice(0, 2 * 119)}05${hex.slice(2 * 120)}`);
	judge('a count of 1,001', 'oversized', header + (MAX_BLOCK_TRANSACTIONS + 1).toString(16).padStart(4, '0'));
	judge(
		'a count of 1,000 and no transaction',
		'bad-encoding',
		header + MAX_BLOCK_TRANSACTIONS.toString(16).padStart(4, '0')
	);
	judge('of 262,145 bytes', 'oversized', hex, MAX_BLOCK_BYTES + 1);
	judge('of 262,144 bytes that are no block', 'bad-encoding', hex, MAX_BLOCK_BYTES);
	const bad = scene.mine(parent, [scene.enrolment(0)]);
	const child = { name: '', hash: bad.hash, header: bad.block.header, parent };
	const refusedBefore = bytesToHex(encodeBlock(bad.block));
	const built = bytesToHex(encodeBlock(scene.mine(child, []).block));
	const now = child.header.timestamp + INTERVAL;
	scene.judge('header', 'builds on a block that was refused', 'invalid-parent', parent, built, { refusedBefore, now });
}

async function enrolmentElection(): Promise<void> {
	const scene = new Scene('enrolment');
	const closesAt = Date.parse(scene.election.closesAt as string);
	const group = [0, 1, 2];
	const two = scene.keep('two enrolled', scene.genesis, [scene.enrolment(0), scene.enrolment(1)]);
	const quick = scene.keep('a second block', two, [], { timestamp: two.header.timestamp + 1_000 });
	const three = scene.keep('three enrolled', quick, [scene.enrolment(2)], {
		timestamp: quick.header.timestamp + 1_000
	});

	headerCases(scene, three);
	blockCases(scene, three);

	const late = { timestamp: closesAt };
	const ofVoter = (name: string, code: RuleCase['code'], transaction: Transaction, at = three, changes = {}) =>
		scene.offer('enrolment', name, code, at, [transaction], changes);
	const opening = await scene.opening(group);
	const opened = scene.keep('opened', three, [opening]);
	ofVoter('of a voter who is not enrolled', null, scene.enrolment(3));
	ofVoter('a millisecond before the poll closes', null, scene.enrolment(3), three, { timestamp: closesAt - 1 });
	ofVoter('when the poll closes', 'poll-closed', scene.enrolment(3), three, late);
	ofVoter('after the opening', 'enrolment-closed', scene.enrolment(3), opened);
	ofVoter('of nobody on the roll', 'unknown-voter', scene.enrolment(4));
	ofVoter('of a voter who is enrolled', 'already-enrolled', scene.enrolment(0, commitmentOf(3)));
	ofVoter('of a commitment that is enrolled', 'duplicate-commitment', scene.enrolment(3, commitmentOf(0)));
	ofVoter('signed by another voter', 'bad-signature', scene.enrolment(3, commitmentOf(3), rollKey(2)));

	const ofOpening = (name: string, code: RuleCase['code'], transaction: Transaction, at = three, changes = {}) =>
		scene.offer('opening', name, code, at, [transaction], changes);
	ofOpening('of all who are enrolled', null, opening);
	ofOpening('when the poll closes', 'poll-closed', opening, three, late);
	ofOpening('after the opening', 'already-open', opening, opened);
	ofOpening('of a voter more than are enrolled', 'bad-group', await scene.opening(group, { groupSize: 4 }));
	ofOpening('of two voters', 'group-too-small', await scene.opening([0, 1]), two);
	ofOpening('signed by somebody else', 'bad-signature', await scene.opening(group, {}, STRANGER));
	ofOpening('with the root of another group', 'bad-group', await scene.opening([0, 1, 3]));
	const unsorted = await inlineProofs(nodeArtifacts)({ scope: scene.electionId, depth: 10 }).groupRootOf(
		group.map(commitmentOf).toSorted().toReversed()
	);
	ofOpening(
		'with the root of the group in another order',
		'bad-group',
		await scene.opening(group, { groupRoot: unsorted })
	);

	const ballot = await scene.ballot(0, [0, 1], group);
	const second = await scene.ballot(0, [1, 1], group);
	const other = await scene.ballot(1, [2, ABSTAIN], group);
	const voted = scene.keep('a ballot', opened, [ballot]);
	const ofBallot = (name: string, code: RuleCase['code'], transactions: Transaction[], at = opened, changes = {}) =>
		scene.offer('ballot', name, code, at, transactions, changes);
	ofBallot('of a voter of the group', null, [ballot]);
	ofBallot('of two voters, one without a choice in a contest', null, [ballot, other]);
	ofBallot('in the block of the last enrolment and the opening', null, [scene.enrolment(2), opening, ballot], two);
	ofBallot('a millisecond before the poll closes', null, [ballot], opened, { timestamp: closesAt - 1 });
	ofBallot('when the poll closes', 'poll-closed', [ballot], opened, late);
	ofBallot('before the opening', 'poll-not-open', [ballot], three);
	ofBallot('ahead of the opening in one block', 'poll-not-open', [ballot, opening], three);
	ofBallot('with a choice too few', 'unknown-option', [await scene.ballot(1, [2], group)]);
	ofBallot('with a choice too many', 'unknown-option', [await scene.ballot(1, [2, 0, 0], group)]);
	ofBallot('for an option that is not there', 'unknown-option', [await scene.ballot(1, [3, 0], group)]);
	ofBallot('for nothing', 'no-choice', [await scene.ballot(1, [ABSTAIN, ABSTAIN], group)]);
	ofBallot('after another of the same voter', 'duplicate-nullifier', [second], voted);
	ofBallot('beside another of the same voter', 'duplicate-nullifier', [ballot, second]);
	ofBallot('with the proof for other choices', 'bad-proof', [{ ...ballot, choices: [1, 1] }]);
	ofBallot("with another's nullifier", 'bad-proof', [{ ...ballot, nullifier: other.nullifier }]);
	ofBallot('proved for another group', 'bad-proof', [await scene.ballot(0, [0, 1], [0, 1, 3])]);

	const closing = scene.closing(voted);
	const closed = scene.keep('closed', voted, [closing]);
	const ofClosing = (name: string, code: RuleCase['code'], transaction: Transaction, at = voted, changes = {}) =>
		scene.offer('closing', name, code, at, [transaction], changes);
	ofClosing('that names the tip', null, closing);
	ofClosing('that names the block of the opening', null, scene.closing(opened));
	ofClosing('a day after the poll closed', null, closing, voted, { timestamp: closesAt + DAY });
	ofClosing('before the opening', 'poll-not-open', scene.closing(three), three);
	ofClosing('a second time', 'already-closed', scene.closing(opened), closed);
	ofClosing('that names a block below the opening', 'unknown-block', scene.closing(three));
	ofClosing('that names a block that is not there', 'unknown-block', scene.closing({ ...voted, hash: opened.hash }));
	ofClosing('that names its own height', 'unknown-block', scene.closing({ ...voted, header: { height: 6 } }));
	ofClosing('signed by somebody else', 'bad-signature', scene.closing(voted, STRANGER));
	scene.offer('ballot', 'after the closing', 'poll-closed', closed, [other]);
	scene.offer('block', 'without transactions, after the closing', null, closed, []);

	const branch = (name: string, parent: Point, length: number): Point => {
		let tip = parent;
		for (let index = 1; index <= length; index++) {
			tip = scene.keep(`${name} ${index}`, tip, [], { timestamp: tip.header.timestamp + INTERVAL + length });
		}
		return tip;
	};
	const long = branch('long', voted, 3);
	const rival = branch('rival', voted, 1);
	const equal = scene.keep('equal', voted, [other], { timestamp: rival.header.timestamp });
	const fork = (name: string, ends: readonly Point[], tip: Point) => {
		const order = [...new Set(ends.flatMap(chainOf))];
		forks.push({ name, election: scene.name, now: NEW_YEAR + DAY, order, tip: tip.hash });
	};
	fork('more work wins, though it came later', [rival, long], long);
	fork('more work stays, though another comes', [long, rival], long);
	fork('of equal work, the first stays', [rival, equal], rival);
	fork('of equal work, the first stays, whichever it is', [equal, rival], equal);
	fork('a closing outranks more work', [long, closed], closed);
	fork('more work does not outrank a closing', [closed, long], closed);
	const after = scene.keep('after the closing', closed, []);
	const otherClosing = scene.keep('closed otherwise', long, [scene.closing(opened)]);
	fork('of two closings, more work wins', [after, otherClosing], otherClosing);
}

async function issuedElection(): Promise<void> {
	const scene = new Scene('issued');
	const enrolment = new Scene('enrolment');
	const opensAt = Date.parse(scene.election.opensAt as string);
	const ballot = await scene.ballot(0, [0, 1], VOTERS);
	const { genesis } = scene;
	const at = (timestamp: number) => ({ timestamp });
	scene.offer('ballot', 'at the instant at which the poll opens', null, genesis, [ballot], at(opensAt));
	scene.offer('ballot', 'a millisecond before', 'poll-not-open', genesis, [ballot], at(opensAt - 1));
	const foreign = await enrolment.ballot(0, [0, 1], VOTERS);
	scene.offer('ballot', 'of another election', 'bad-proof', genesis, [foreign], at(opensAt));
	scene.offer('enrolment', 'where codes are issued', 'no-enrolment', genesis, [scene.enrolment(0)]);
	scene.offer('opening', 'where codes are issued', 'no-enrolment', genesis, [await scene.opening(VOTERS)]);
	scene.offer('closing', 'where nobody is the organiser', 'bad-signature', genesis, [scene.closing(genesis)]);
}

await enrolmentElection();
await issuedElection();

const vectors: RuleVectors = {
	description:
		'What a node must say to a block (hex of its encoding; followed by zero bytes up to paddedTo, if given) when it was given the blocks of chain, by name, before, and its clock stands at now: null when it takes the block, else the code of the rule that is broken. A refused block breaks no rule but this one, as far as that is possible. Under forks, the tip on which it must stand after blocks that come in this order. Work, signatures and proofs are real.',
	elections: Object.fromEntries(
		Object.entries(ELECTIONS).map(([name, election]) => [
			name,
			{ definition: fromUtf8(encodeElection(election)), electionId: electionIdOf(election) }
		])
	),
	blocks,
	cases,
	forks
};
const file = new URL('./rules.json', import.meta.url).pathname;
writeFileSync(file, await format(JSON.stringify(vectors), { ...(await resolveConfig(file)), filepath: file }));
console.log(`${cases.length} cases, ${forks.length} forks`);
process.exit(0);
