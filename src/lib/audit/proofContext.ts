import type { BlockHash, ElectionId } from '../bytes/hash';
import { encodeHeader } from '../chain/header';
import { workHashSync } from '../chain/work';
import { electionIdOf } from '../election/genesis';
import { blockFromJson } from '../election/json';
import { PollenError } from '../errors/pollenError';
import type { ProofContext } from '../proofs/port';
import type { ElectionRecord } from './record';

/** What says in a record which election it is. In a sound one all are the same. */
export interface ElectionIds {
	readonly stated: ElectionId;
	/** The hash over the definition. */
	readonly defined: ElectionId;
	/** The hash of the first block. */
	readonly genesis: BlockHash;
	/** On which two of them agree, if any do: the audit goes by it, so that not every check fails for one wrong ID. */
	readonly judged: ElectionId;
}

/** @throws PollenError bad-record, bad-definition, for a record that `parseRecord` would have refused */
export function electionIdsOf({ electionId: stated, election, blocks }: ElectionRecord): ElectionIds {
	if (!blocks[0]) throw new PollenError('bad-record', 'blocks: at least the genesis block');
	const defined = electionIdOf(election);
	const genesis = workHashSync(encodeHeader(blockFromJson(blocks[0]).header));
	return { stated, defined, genesis, judged: stated === genesis ? stated : defined };
}

/**
 * What to open the verifier with that audits a record.
 * @throws PollenError bad-record, bad-definition, for a record that `parseRecord` would have refused
 */
export function proofContextOf(record: ElectionRecord): ProofContext {
	return { scope: electionIdsOf(record).judged, depth: record.election.proofDepth };
}
