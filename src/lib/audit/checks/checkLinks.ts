import { ZERO_HASH } from '../../bytes/hash';
import { checkLinkage, checkVersion } from '../../chain/checkHeader';
import type { BlockJson } from '../../election/json';
import type { WorkHash } from '../../mining/port';
import { readBlock, type AuditedBlock } from '../auditedBlock';
import type { CheckRun } from '../checkRun';
import { ensure, problemOf, whereIs } from '../problem';
import type { AuditProblem } from '../report';

/**
 * Each block names the one before it by its hash, and the record names each by the hash that it has. Resolves with the blocks,
 * whose hashes are computed here. Rejects with bad-record when one has not the form of a block.
 */
export async function checkLinks(
	run: CheckRun,
	blocks: readonly BlockJson[],
	workHash: WorkHash
): Promise<AuditedBlock[]> {
	const read: AuditedBlock[] = [];
	for (const json of blocks) {
		const audited = await readBlock(json, read.length, workHash);
		await run.count(linkProblem(audited, read.at(-1)));
		read.push(audited);
	}
	return read;
}

function linkProblem(audited: AuditedBlock, parent: AuditedBlock | undefined): AuditProblem | undefined {
	const { height, hash, statedHash, block } = audited;
	return problemOf(
		whereIs(audited),
		() => ensure(block.header.height === height, 'bad-height', `it states the height ${block.header.height}`),
		() => checkVersion(block.header),
		() => checkLinkage(block.header, parent?.hash ?? ZERO_HASH),
		() => ensure(statedHash === hash, 'bad-record', `it has another hash than the record says: ${hash}`)
	);
}
