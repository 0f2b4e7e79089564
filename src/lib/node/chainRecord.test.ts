import { describe, expect, it } from 'vitest';
import {
	LedgerHarness,
	instantWork,
	refusalOf,
	type MinedBlock,
	type OpenLedger
} from '../../../tests/support/ledgerHarness';
import { fakeProofs } from '../../../tests/support/fakeProofs';
import { encodeBlock } from '../election/block';
import { PollenError, type ErrorCode } from '../errors/pollenError';
import type { Verification } from './api';
import { verifyChain } from './chainRecord';

const harness = new LedgerHarness();

async function chainOfFive(): Promise<{ chain: MinedBlock[]; opened: OpenLedger }> {
	const chain = harness.mineChain(harness.genesis, 5, await harness.ballots(4));
	return { chain, opened: await harness.openWith(chain) };
}

/** Changes the stored bytes of a block behind the ledger's back; no bytes: deletes it. */
function tamper({ disk }: OpenLedger, { hash }: MinedBlock, bytes: Uint8Array | undefined): void {
	const { blocks } = disk.elections.get(harness.electionId)!;
	if (bytes) blocks.set(hash, { ...blocks.get(hash)!, bytes });
	else blocks.delete(hash);
}

describe('verifying the chain', () => {
	it('passes one that holds, and proves every ballot anew', async () => {
		const { opened } = await chainOfFive();
		const before = opened.statistics.verified;
		expect(await verifyChain(opened.ledger)).toEqual({ valid: true, blocks: 6, ballots: 4, problems: [] });
		expect(opened.statistics.verified).toBe(before + 4);
	});

	it('passes one whose next block is being written', async () => {
		const chain = harness.mineChain(harness.genesis, 5, await harness.ballots(3));
		const opened = await harness.openWith(chain);
		const [next] = harness.mineChain(chain.at(-1)!, 1, [await harness.ballot(3)]);
		const adding = opened.ledger.addBlock(next!.block);
		const verifying: Promise<Verification>[] = [];
		for (let turn = 0; turn < 60; turn++) {
			verifying.push(verifyChain(opened.ledger));
			await Promise.resolve();
		}
		await adding;
		for (const { blocks, ballots, problems } of await Promise.all(verifying)) {
			expect(problems).toEqual([]);
			expect(ballots).toBe(blocks === 6 ? 3 : 4);
		}
	});

	it('passes an election without any block', async () => {
		const { ledger } = await harness.open();
		expect(await verifyChain(ledger)).toEqual({ valid: true, blocks: 1, ballots: 0, problems: [] });
	});

	type Tamper = (block: MinedBlock) => Uint8Array | undefined;
	const tampered: readonly (readonly [what: string, code: ErrorCode, change: Tamper])[] = [
		['proof', 'bad-merkle-root', ({ block }) => encodeBlock(block).map((byte, at) => (at === 200 ? byte ^ 1 : byte))],
		[
			'header that still has enough work',
			'bad-record',
			({ block }) => encodeBlock({ ...block, header: { ...block.header, nonce: 0n } })
		],
		[
			'link',
			'unknown-parent',
			({ block }) => encodeBlock({ ...block, header: { ...block.header, previousHash: harness.electionId } })
		],
		['target', 'bad-target', ({ block }) => encodeBlock({ ...block, header: { ...block.header, target: 5n } })],
		['length', 'bad-encoding', ({ block }) => encodeBlock(block).slice(1)],
		['presence', 'unknown-parent', () => undefined]
	];

	it.each(tampered)('finds a changed %s: %s', async (_, code, change) => {
		const { chain, opened } = await chainOfFive();
		tamper(opened, chain[2]!, change(chain[2]!));
		const { valid, problems } = await verifyChain(opened.ledger);
		expect(valid).toBe(false);
		expect(problems).toContainEqual({ height: 3, code });
	});

	it('finds a ballot whose proof does not hold, though it is in the chain', async () => {
		const { opened } = await chainOfFive();
		const strict = fakeProofs()(harness.proofContext);
		const { nullifier } = await harness.ballot(1);
		const { atRest } = opened.ledger;
		const core = {
			...opened.ledger.core,
			verifier: {
				...strict,
				verify: async (statements: Parameters<typeof strict.verify>[0]) =>
					(await strict.verify(statements)).map((holds, index) => holds && statements[index]?.nullifier !== nullifier)
			}
		};
		const { valid, problems } = await verifyChain({ core, atRest });
		expect(valid).toBe(false);
		expect(problems).toContainEqual({ height: 2, code: 'bad-proof' });
	});

	it('rejects, rather than blame the chain, when this device fails', async () => {
		const { opened } = await chainOfFive();
		const { core, atRest } = opened.ledger;
		const broken = {
			...fakeProofs()(harness.proofContext),
			verify: () => Promise.reject(new PollenError('worker-failed'))
		};
		expect(await refusalOf(verifyChain({ core: { ...core, verifier: broken }, atRest }))).toBe('worker-failed');
		const unhashable = { ...core, workHash: () => Promise.reject(new TypeError('no WebCrypto')) };
		await expect(verifyChain({ core: unhashable, atRest })).rejects.toThrow(TypeError);
		opened.slot.close();
		expect(await refusalOf(verifyChain({ core: { ...core, workHash: instantWork }, atRest }))).toBe('storage-failed');
	});
});
