import { beforeEach, describe, expect, it } from 'vitest';
import type { ElectionId, Hash } from '../bytes/hash';
import type { BlockJson } from '../election/json';
import { publicKeyOf, signTransaction } from '../election/signing';
import { encodeTransaction } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import type { EnrolmentView, PollenNode } from '../node/api';
import { credentialOf } from '../proofs/credential';
import type { StoredCredential, Wallet } from '../storage/port';
import { credentialFile } from '../storage/credentialFile';
import { CredentialDesk } from './credentialDesk.svelte';

const ELECTION = 'e'.repeat(64) as ElectionId;
const TITLE = 'Board election';

const SECRET_KEY = new Uint8Array(32).fill(7);

function makeCredential(seed: number, changes: Partial<StoredCredential> = {}, rollIndex = 1): StoredCredential {
	const key = new Uint8Array(32).fill(seed);
	const { commitment } = credentialOf(key);
	const enrolment = signTransaction(ELECTION, { kind: 'enrolment', rollIndex, commitment } as const, SECRET_KEY);
	return {
		electionId: ELECTION,
		voterId: 'ADA',
		key,
		commitment,
		enrolment: encodeTransaction(enrolment),
		createdAt: 5,
		...changes
	};
}

const MINE = makeCredential(1);
const OTHER = makeCredential(2);

let kept: StoredCredential | undefined;
let chain: readonly Hash[];

const wallet = {
	loadCredential: (_: ElectionId, voterId: string) => Promise.resolve(voterId === 'ADA' ? kept : undefined),
	keepCredential: (credential: StoredCredential) => Promise.resolve((kept ??= credential)),
	replaceCredential: (credential: StoredCredential) => Promise.resolve(void (kept = credential))
} as unknown as Wallet;

const node = {
	electionId: ELECTION,
	election: {
		title: TITLE,
		roll: [
			{ voterId: 'BEN', key: publicKeyOf(new Uint8Array(32).fill(8)) },
			{ voterId: 'ADA', key: publicKeyOf(SECRET_KEY) }
		]
	},
	enrolments: () => chain.map(() => ({ voterId: 'ADA', rollIndex: 1, height: 3 }) as EnrolmentView),
	blocks: (from: number) => {
		const transactions = [
			{ kind: 'enrolment', rollIndex: 0, commitment: 'f'.repeat(64) },
			...chain.map((commitment) => ({ kind: 'enrolment', rollIndex: 1, commitment }))
		];
		return Promise.resolve(from === 3 ? [{ transactions } as unknown as BlockJson] : []);
	}
} as unknown as PollenNode;

function forged(): StoredCredential {
	const { commitment } = MINE;
	const signature = new Uint8Array(64);
	return { ...MINE, enrolment: encodeTransaction({ kind: 'enrolment', rollIndex: 1, commitment, signature }) };
}

const desk = () => new CredentialDesk(node, (task) => task(wallet));
const textOf = (credential: StoredCredential) => JSON.stringify(credentialFile(credential, TITLE));

beforeEach(() => {
	kept = undefined;
	chain = [];
});

describe('CredentialDesk', () => {
	it('takes a credential to a device where it was not', async () => {
		kept = MINE;
		const file = await desk().file('ADA');
		kept = undefined;
		chain = [MINE.commitment];
		expect(await desk().bring('ADA', JSON.stringify(file))).toBe(true);
		expect(kept).toEqual(MINE);
	});

	it('makes no file where there is no credential', async () => {
		const here = desk();
		expect(await here.file('ADA')).toBeUndefined();
		expect(here.problem).toBe('not-enrolled');
	});

	it('puts the credential that the chain names in the place of one that lost', async () => {
		kept = OTHER;
		chain = [MINE.commitment];
		expect(await desk().bring('ADA', textOf(MINE))).toBe(true);
		expect(kept).toEqual(MINE);
	});

	it('keeps what is there when the same comes again', async () => {
		kept = MINE;
		expect(await desk().bring('ADA', textOf({ ...MINE, createdAt: 99 }))).toBe(true);
		expect(kept).toBe(MINE);
	});

	it.each([
		['junk', 'not JSON', [], 'bad-backup'],
		['half a file', textOf(MINE).slice(0, 100), [], 'bad-backup'],
		['an enrolment for a place on the roll that is not theirs', textOf(makeCredential(1, {}, 0)), [], 'bad-backup'],
		['an enrolment that the voting code did not sign', textOf(forged()), [], 'bad-backup'],
		['a key that is not the commitment’s', textOf({ ...MINE, key: OTHER.key }), [], 'bad-backup'],
		[
			'another election',
			textOf({ ...MINE, electionId: 'd'.repeat(64) as ElectionId }),
			[],
			'other-election-credential'
		],
		['another voter', textOf({ ...MINE, voterId: 'BEN' }), [], 'other-voter-credential'],
		['a credential that is not enrolled', textOf(OTHER), [MINE.commitment], 'other-credential']
	] as const)('refuses %s, and keeps nothing', async (_, text, onChain, problem) => {
		chain = onChain;
		const here = desk();
		expect(await here.bring('ADA', text)).toBe(false);
		expect(here.problem).toBe(problem);
		expect(kept).toBeUndefined();
	});

	it('does not choose between two credentials that the chain does not know', async () => {
		kept = OTHER;
		const here = desk();
		expect(await here.bring('ADA', textOf(MINE))).toBe(false);
		expect(here.problem).toBe('credential-conflict');
		expect(kept).toBe(OTHER);
	});

	it('passes on what the wallet refuses, and works afterwards', async () => {
		let isFull = true;
		const here = new CredentialDesk(node, (task) =>
			isFull ? Promise.reject(new PollenError('storage-full')) : task(wallet)
		);
		expect(await here.bring('ADA', textOf(MINE))).toBe(false);
		expect(here.problem).toBe('storage-full');
		isFull = false;
		expect(await here.bring('ADA', textOf(MINE))).toBe(true);
		expect(here.problem).toBeUndefined();
	});
});
