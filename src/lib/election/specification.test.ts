import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { numberIn, specification } from '../../../tests/support/specification';
import type { Hash } from '../bytes/hash';
import { hashToBytes } from '../bytes/hex';
import { utf8 } from '../bytes/text';
import { concatBytes } from '../bytes/compare';
import { ballotMessage } from './ballotMessage';
import { sha256Hash } from '../bytes/sha256';
import { EMPTY_BLOCK_BYTES } from './block';
import * as limits from './limits';
import { phaseAt, type Phase, type PhaseContext } from './phase';
import { PROOF_DEPTHS } from './proofDepth';
import { signedMessage } from './signing';
import { sampleCommitment, sampleElection } from './testing/samples';
import { encodeTransaction, type SignedTransaction, type Transaction } from './transaction';

const spec = specification(readFileSync(new URL('./README.md', import.meta.url), 'utf8'));

const SIGNATURE = new Uint8Array(64).fill(9);
const [COMMITMENT, ROOT] = [sampleCommitment(1), sampleCommitment(2)];

const SAMPLES: Readonly<Record<Transaction['kind'], Transaction>> = {
	enrolment: { kind: 'enrolment', rollIndex: 1, commitment: COMMITMENT, signature: SIGNATURE },
	opening: { kind: 'opening', groupSize: 3, groupRoot: ROOT, signature: SIGNATURE },
	ballot: { kind: 'ballot', nullifier: COMMITMENT, choices: [1, 255], proof: new Uint8Array(256) },
	closing: { kind: 'closing', height: 4, blockHash: ROOT, signature: SIGNATURE }
};

/** Lengths that a layout like `1 · rollIndex u32 · commitment 32` adds up to, and its first number. */
function layoutOf(text: string, choices = 0) {
	const fields = text.split('·').map((field) => field.trim());
	const lengths = fields.map((field) => {
		if (/^\d+$/.test(field)) return 1;
		const [, type = ''] = /\S+ (.+)/.exec(field) ?? [];
		if (type === 'count × u8') return choices;
		return type.startsWith('u') ? Number(type.slice(1)) / 8 : Number(type);
	});
	return { kind: Number(fields[0]), length: lengths.reduce((sum, length) => sum + length) };
}

describe('the specification of elections beside the code', () => {
	it('states the limits of a definition', () => {
		const value = (member: string) => spec.table('Definition').find(([first]) => first === member)?.[1] ?? '';
		const number = (limit: number) => limit.toLocaleString('en');
		expect(
			spec
				.table('Definition')
				.flatMap(([members]) => members?.split(', ') ?? [])
				.toSorted()
		).toEqual(Object.keys(sampleElection()).toSorted());
		expect(value('title')).toContain(`1 to ${number(limits.MAX_TITLE_LENGTH)} characters`);
		expect(value('description')).toContain(`0 to ${number(limits.MAX_DESCRIPTION_LENGTH)} characters`);
		expect(value('contests')).toContain(`1 to ${number(limits.MAX_CONTESTS)} objects`);
		expect(value('contests')).toContain(`1 to ${number(limits.MAX_OPTIONS)} texts`);
		expect(value('roll')).toContain(`1 to ${number(limits.MAX_ROLL)} objects`);
		expect(value('roll')).toContain(`1 to ${number(limits.MAX_VOTER_ID_LENGTH)} characters`);
		const interval = [limits.MIN_BLOCK_INTERVAL_MS, limits.MAX_BLOCK_INTERVAL_MS].map(number).join(' to ');
		expect(value('blockInterval')).toContain(interval);
		expect(value('initialDifficulty')).toContain(`1 to 2^${Math.log2(limits.MAX_INITIAL_DIFFICULTY)}`);
		expect(
			value('proofDepth')
				.match(/^(\d+), (\d+) or (\d+)/)
				?.slice(1)
				.map(Number)
		).toEqual([...PROOF_DEPTHS]);
	});

	it('states the layout of each transaction, its kind first', () => {
		for (const [name, transaction] of Object.entries(SAMPLES)) {
			const paragraph = new RegExp(`\\*\\*${name}\\*\\* \\(kind (\\d)\\).*?\\n\\n {4}([^\\n]+)`, 'is');
			const [, kind, layout = ''] = paragraph.exec(spec.text) ?? [];
			const encoded = encodeTransaction(transaction);
			const choices = transaction.kind === 'ballot' ? transaction.choices.length : 0;
			expect(Number(kind), name).toBe(encoded[0]);
			expect(layoutOf(layout, choices), name).toEqual({ kind: encoded[0], length: encoded.length });
		}
	});

	it('states what signatures and proofs cover', () => {
		const id = 'ab'.repeat(32) as Hash;
		expect(spec.text).toContain('"pollen/<kind>/v1" ‖ election ID 32 ‖ the fields before the signature');
		for (const [name, transaction] of Object.entries(SAMPLES)) {
			if (transaction.kind === 'ballot') continue;
			const fields = encodeTransaction(transaction).slice(1, -64);
			const stated = concatBytes(utf8(`pollen/${name}/v1`), hashToBytes(id), fields);
			expect(signedMessage(id, transaction as SignedTransaction)).toEqual(stated);
			expect(stated.length, name).toBe(name === 'enrolment' ? 87 : 85);
		}
		expect(spec.text).toContain('87 bytes for an enrolment, 85 for the others');
		expect(spec.text).toContain('SHA-256("pollen/ballot/v1" ‖ election ID 32 ‖ choices)');
		expect(ballotMessage(id, [1, 255])).toBe(
			sha256Hash(concatBytes(utf8('pollen/ballot/v1'), hashToBytes(id), Uint8Array.of(1, 255)))
		);
	});

	it('states the limits of a block', () => {
		const [, header, count] = /header (\d+) · count u(\d+) · transactions/.exec(spec.text) ?? [];
		expect(Number(header) + Number(count) / 8).toBe(EMPTY_BLOCK_BYTES);
		const [, bytes, transactions] = /At most ([\d,]+) bytes and ([\d,]+) transactions/.exec(spec.text) ?? [];
		expect(numberIn(bytes ?? '')).toBe(limits.MAX_BLOCK_BYTES);
		expect(numberIn(transactions ?? '')).toBe(limits.MAX_BLOCK_TRANSACTIONS);
		expect(limits.MIN_GROUP).toBe(3);
		expect(spec.text).toContain('groupSize` is below 3 ');
	});

	it('has the phases in the order in which they are decided', () => {
		const at = Date.parse('2026-01-01T00:00:00.000Z');
		const opensAt = new Date(at).toISOString();
		const closesAt = new Date(at + 1).toISOString();
		const context = (changes: Partial<PhaseContext>): PhaseContext => ({
			election: sampleElection({ eligibility: 'enrolment', opensAt, closesAt }),
			isFrozen: false,
			isClosed: false,
			...changes
		});
		const examples: readonly (readonly [Phase, PhaseContext, number])[] = [
			['closed', context({ isClosed: true }), at - 1],
			['enrolment', context({}), at - 1],
			['before', context({ isFrozen: true }), at - 1],
			['open', context({ isFrozen: true }), at]
		];
		expect(spec.table('Phases').map(([phase]) => phase?.replaceAll('_', ''))).toEqual(examples.map(([phase]) => phase));
		for (const [phase, state, time] of examples) expect(phaseAt(state, time)).toBe(phase);
		expect(phaseAt(context({}), at + 1)).toBe('closed');
	});
});
