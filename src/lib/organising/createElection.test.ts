import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Hash } from '../bytes/hash';
import { bytesToHex } from '../bytes/hex';
import { sha256, sha256Hash } from '../bytes/sha256';
import { utf8 } from '../bytes/text';
import { enrolmentKeyOf, organiserKeyOf, votingCodeOf } from '../election/codeKeys';
import { decodeElection } from '../election/definition';
import { electionIdOf } from '../election/genesis';
import { publicKeyOf } from '../election/signing';
import { isWellFormedCode } from '../election/votingCode';
import { PollenError } from '../errors/pollenError';
import type { RollKeys } from '../proofs/port';
import type { Contact, StoredOrganiser, WalletElection } from '../storage/port';
import { createElection } from './createElection';
import { BLOCK_INTERVAL_MS, INITIAL_DIFFICULTY, type ElectionPlan } from './electionPlan';

const NOW = 1_700_000_000_000;

/** Stands in for identity commitments, which take long: a field element that the code alone decides. */
const commitmentOf = (code: string) => `0${sha256Hash(utf8(code)).slice(1)}` as Hash;
const keyOf = (eligibility: ElectionPlan['eligibility'], code: string) =>
	eligibility === 'issued' ? commitmentOf(code) : (publicKeyOf(enrolmentKeyOf(code)) as Hash);

function plan(changes: Partial<ElectionPlan> = {}): ElectionPlan {
	return {
		title: 'Board',
		description: '',
		contests: [{ title: 'Chair?', options: ['Ada', 'Grace'] }],
		eligibility: 'enrolment',
		voters: ['1', '2', '3'].map((voterId) => ({ voterId, name: `Name ${voterId}`, email: `${voterId}@example.org` })),
		opensAt: null,
		closesAt: null,
		blockInterval: BLOCK_INTERVAL_MS,
		initialDifficulty: INITIAL_DIFFICULTY,
		...changes
	};
}

function setUp(seed = 'seed') {
	const saved: { organiser: StoredOrganiser; election: WalletElection }[] = [];
	const rollKeys: RollKeys = {
		make: vi.fn<RollKeys['make']>((eligibility, codes, onProgress) => {
			onProgress?.(codes.length);
			return Promise.resolve(codes.map((code) => keyOf(eligibility, code)));
		})
	};
	const wallet = {
		saveOrganiser: vi.fn((organiser: StoredOrganiser, election: WalletElection) => {
			saved.push({ organiser, election });
			return Promise.resolve();
		})
	};
	const randomBytes = (length: number) => sha256(utf8(seed)).slice(0, length);
	return { saved, rollKeys, wallet, options: { rollKeys, wallet, randomBytes, now: NOW } };
}

describe('createElection', () => {
	it('keeps the definition and what makes its organiser, in one step', async () => {
		const { saved, options } = setUp();
		const electionId = await createElection(plan(), options);
		expect(saved).toHaveLength(1);
		const { organiser, election } = saved[0]!;
		const definition = decodeElection(election.definition);
		expect(electionIdOf(definition)).toBe(electionId);
		expect(election).toMatchObject({ electionId, title: 'Board', openedAt: NOW });
		expect(organiser).toMatchObject({ electionId, contacts: plan().voters, createdAt: NOW });
		expect(organiser.secret).toEqual(sha256(utf8('seed')));
		expect(definition.organiser).toBe(publicKeyOf(organiserKeyOf(organiser.secret)));
		expect(definition).toMatchObject({ version: 1, eligibility: 'enrolment', proofDepth: 10, opensAt: null });
	});

	it('gives every voter a key of their own, which their voting code leads to', async () => {
		const anyVoters = fc.uniqueArray(
			fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => !/\p{Control}/u.test(text)),
			{ minLength: 1, maxLength: 8 }
		);
		const anyEligibility = fc.constantFrom('issued' as const, 'enrolment' as const);
		await fc.assert(
			fc.asyncProperty(anyVoters, anyEligibility, fc.string(), async (voterIds, eligibility, seed) => {
				const { saved, options } = setUp(`seed ${seed.toWellFormed()}`);
				const voters = voterIds.map((voterId): Contact => ({ voterId, name: '', email: '' }));
				await createElection(plan({ voters, eligibility }), options);
				const { organiser, election } = saved[0]!;
				const { roll } = decodeElection(election.definition);
				expect(roll.map(({ voterId }) => voterId)).toEqual(voterIds);
				for (const { voterId, key } of roll) {
					const code = votingCodeOf(organiser.secret, voterId);
					expect(isWellFormedCode(code)).toBe(true);
					expect(key).toBe(keyOf(eligibility, code));
				}
				expect(new Set(roll.map(({ key }) => key)).size).toBe(voterIds.length);
			}),
			{ numRuns: 60 }
		);
	});

	it('lets no name, e-mail address, voting code or secret into the definition', async () => {
		const { saved, rollKeys, options } = setUp();
		await createElection(plan(), options);
		const definition = new TextDecoder().decode(saved[0]!.election.definition);
		const codes = vi.mocked(rollKeys.make).mock.calls[0]![1];
		expect(codes).toHaveLength(3);
		const secrets = [bytesToHex(saved[0]!.organiser.secret), ...codes, 'Name 1', 'example.org'];
		for (const secret of secrets) expect(definition).not.toContain(secret);
	});

	it('chooses the circuit by the number of voters', async () => {
		const { saved, options } = setUp();
		const voters = Array.from({ length: 1_025 }, (_, index) => ({ voterId: `${index}`, name: '', email: '' }));
		await createElection(plan({ voters, eligibility: 'issued' }), options);
		expect(decodeElection(saved[0]!.election.definition).proofDepth).toBe(16);
	});

	it('tells how far it is', async () => {
		const { options } = setUp();
		const progress = vi.fn();
		await createElection(plan(), options, progress);
		expect(progress.mock.calls).toEqual([
			[0, 3],
			[3, 3]
		]);
	});

	it.each<[string, Partial<ElectionPlan>, string]>([
		['no voters', { voters: [] }, 'bad-definition'],
		['no title', { title: '' }, 'bad-definition'],
		['one voter ID twice', { voters: [plan().voters[0]!, plan().voters[0]!] }, 'bad-definition'],
		[
			'times in the wrong order',
			{ opensAt: '2030-01-02T00:00:00.000Z', closesAt: '2030-01-01T00:00:00.000Z' },
			'bad-definition'
		],
		[
			'more than a message holds',
			{
				voters: Array.from({ length: 10_000 }, (_, index) => ({
					voterId: `${index}`.padEnd(64, 'x'),
					name: '',
					email: ''
				}))
			},
			'oversized'
		]
	])('refuses a plan with %s before any key is made', async (_, changes, code) => {
		const { wallet, rollKeys, options } = setUp();
		await expect(createElection(plan(changes), options)).rejects.toMatchObject({ code });
		expect(rollKeys.make).not.toHaveBeenCalled();
		expect(wallet.saveOrganiser).not.toHaveBeenCalled();
	});

	it('keeps nothing when it is stopped, be it before, during or after the keys', async () => {
		for (const stopAt of ['before', 'during', 'after'] as const) {
			const { wallet, rollKeys, options } = setUp();
			const controller = new AbortController();
			vi.mocked(rollKeys.make).mockImplementation((eligibility, codes, _, signal) => {
				controller.abort();
				if (stopAt === 'during' && signal?.aborted) return Promise.reject(new PollenError('aborted'));
				return Promise.resolve(codes.map((code) => keyOf(eligibility, code)));
			});
			if (stopAt === 'before') controller.abort();
			const creating = createElection(plan(), options, undefined, controller.signal);
			await expect(creating).rejects.toMatchObject({ code: 'aborted' });
			expect(wallet.saveOrganiser).not.toHaveBeenCalled();
			expect(rollKeys.make).toHaveBeenCalledTimes(stopAt === 'before' ? 0 : 1);
		}
	});

	it('keeps nothing when keys are missing or not different', async () => {
		const { wallet, rollKeys, options } = setUp();
		vi.mocked(rollKeys.make).mockResolvedValueOnce([commitmentOf('x')]);
		await expect(createElection(plan(), options)).rejects.toMatchObject({ code: 'worker-failed' });
		vi.mocked(rollKeys.make).mockResolvedValueOnce(['x', 'x', 'y'].map(commitmentOf));
		await expect(createElection(plan(), options)).rejects.toMatchObject({ code: 'bad-definition' });
		expect(wallet.saveOrganiser).not.toHaveBeenCalled();
	});

	it('passes on what the wallet refuses with', async () => {
		const { wallet, options } = setUp();
		wallet.saveOrganiser.mockRejectedValue(new PollenError('storage-full'));
		await expect(createElection(plan(), options)).rejects.toMatchObject({ code: 'storage-full' });
	});
});
