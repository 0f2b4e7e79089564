import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BlockHash } from '../../src/lib/bytes/hash';
import { concatBytes } from '../../src/lib/bytes/compare';
import { hexToBytes } from '../../src/lib/bytes/hex';
import { utf8 } from '../../src/lib/bytes/text';
import { workHashSync } from '../../src/lib/chain/work';
import { ManualClock } from '../../src/lib/clock/manualClock';
import { decodeBlock } from '../../src/lib/election/block';
import { decodeElection } from '../../src/lib/election/definition';
import { electionIdOf } from '../../src/lib/election/genesis';
import type { ErrorCode } from '../../src/lib/errors/pollenError';
import { Ledger } from '../../src/lib/node/ledger';
import { inlineProofs } from '../../src/lib/proofs/inlineProofs';
import { nodeArtifacts } from '../../src/lib/proofs/nodeArtifacts';
import { createMemoryDisk } from '../../src/lib/storage/memoryDisk';
import { openMemoryNodeSlot } from '../../src/lib/storage/memoryNodeSlot';
import { refusalOf } from '../support/ledgerHarness';
import { specification } from '../support/specification';
import type { RuleVectors } from './ruleVectors';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const vectors = JSON.parse(read('rules.json')) as RuleVectors;

/** What happens to blocks at the hands of real rules, work, signatures and proofs, on a disk in memory. */
async function openLedger(name: string, now: number): Promise<Ledger> {
	const { definition, electionId } = vectors.elections[name] ?? { definition: '', electionId: '' };
	const election = decodeElection(utf8(definition));
	expect(electionIdOf(election)).toBe(electionId);
	const context = { scope: electionIdOf(election), depth: election.proofDepth };
	return await Ledger.open(
		{
			election,
			electionId: context.scope,
			store: openMemoryNodeSlot(createMemoryDisk()).openChain(context.scope),
			verifier: inlineProofs(nodeArtifacts)(context),
			workHash: (header) => Promise.resolve(workHashSync(header)),
			clock: new ManualClock(now)
		},
		{
			tipChanged: () => undefined,
			admitted: () => undefined,
			closingHeard: () => undefined,
			storage: () => undefined
		}
	);
}

/** As a node does with what a peer sends: decoding is part of it. */
async function offer(ledger: Ledger, bytes: Uint8Array): Promise<ErrorCode | null> {
	const taken = Promise.resolve().then(() => ledger.addBlock(decodeBlock(bytes)));
	return (await refusalOf(taken)) ?? null;
}

const kept = (name: string) => hexToBytes(vectors.blocks[name] ?? '');

describe('p2p_invalid_block, feature_block: every rule of the chain', () => {
	it.each(vectors.cases)('$subject, $name: $code', async (vector) => {
		const ledger = await openLedger(vector.election, vector.now);
		for (const name of vector.chain) expect(await offer(ledger, kept(name)), name).toBe(null);
		if (vector.refusedBefore) expect(await offer(ledger, hexToBytes(vector.refusedBefore))).not.toBe(null);
		const before = ledger.core.state.digest();
		const given = hexToBytes(vector.block);
		const padding = new Uint8Array((vector.paddedTo ?? given.length) - given.length);
		expect(await offer(ledger, concatBytes(given, padding))).toBe(vector.code);
		if (vector.code === null) expect(ledger.core.state.height).toBe(vector.chain.length + 1);
		else expect(ledger.core.state.digest()).toBe(before);
	});

	it.each(vectors.forks)('forks: $name', async ({ election, now, order, tip }) => {
		const ledger = await openLedger(election, now);
		for (const name of order) expect(await offer(ledger, kept(name)), name).toBe(null);
		expect(ledger.core.tip.hash).toBe(tip as BlockHash);
	});
});

describe('the rule vectors', () => {
	const chain = specification(read('../../src/lib/chain/README.md'));
	const election = specification(read('../../src/lib/election/README.md'));
	const [ofBlocks = [], ofTransactions = []] = election.tables('Rules');

	/** Every rule that the specification states, as what it is about and its code. */
	const stated = [
		...chain.table('Rules for a header').map(([, code]) => ['header', code]),
		...ofBlocks.map(([rule, , code]) => [rule === '(encoding)' ? 'block' : subjectOf(code), code]),
		...withKinds(ofTransactions).map(([kind, , code]) => [kind, code])
	].map((rule) => rule.join(': '));

	/** The state's own look at parent and height comes to the same codes as the header's. */
	function subjectOf(code: string | undefined): string {
		return code === 'unknown-parent' || code === 'bad-height' ? 'header' : 'block';
	}

	/** A cell that is left empty means the one above. */
	function withKinds(rows: readonly string[][]): string[][] {
		let kind = '';
		return rows.map(([first, ...rest]) => [(kind = first || kind), ...rest]);
	}

	it('break every rule that is stated, alone or in as many ways as it is stated', () => {
		expect(stated.length).toBeGreaterThan(30);
		const broken = vectors.cases.map(({ subject, code }) => `${subject}: ${code}`);
		for (const rule of new Set(stated)) {
			const times = (list: readonly string[]) => list.filter((each) => each === rule).length;
			expect(times(broken), rule).toBeGreaterThan(0);
			// Parent and height stand in two tables, but are one rule to whoever offers a block.
			if (!rule.startsWith('header')) expect(times(broken), rule).toBeGreaterThanOrEqual(times(stated));
		}
	});

	it('have every code that the code of the rules can refuse with', () => {
		const LIB = new URL('../../src/lib/', import.meta.url);
		const rules = readdirSync(new URL('election/rules/', LIB)).map((name) => `election/rules/${name}`);
		const sources = [...rules, 'chain/checkHeader.ts', 'election/block.ts', 'election/transaction.ts'];
		const thrown = sources
			.filter((path) => !path.endsWith('.test.ts'))
			.flatMap((path) => [...readFileSync(new URL(path, LIB), 'utf8').matchAll(/new PollenError\(\s*'([a-z-]+)'/g)])
			.map(([, code]) => code);
		expect(new Set(thrown).size).toBeGreaterThan(20);
		const broken = new Set(vectors.cases.map(({ code }) => code as string));
		expect([...new Set(thrown)].filter((code) => code === undefined || !broken.has(code))).toEqual([]);
	});

	it('break no rule that is not stated', () => {
		const known = new Set([...stated, 'header: invalid-parent']);
		for (const { subject, name, code } of vectors.cases) {
			if (code !== null) expect(known, `${subject}, ${name}`).toContain(`${subject}: ${code}`);
		}
	});

	it('keep the rules for everything that can be refused', () => {
		const subjects = new Set(vectors.cases.map(({ subject }) => subject));
		const taken = new Set(vectors.cases.filter(({ code }) => code === null).map(({ subject }) => subject));
		expect(taken).toEqual(subjects);
	});
});
