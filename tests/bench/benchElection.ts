import type { ElectionId, Hash } from '../../src/lib/bytes/hash';
import { credentialKeyOf, votingCodeOf } from '../../src/lib/election/codeKeys';
import type { Election } from '../../src/lib/election/definition';
import { electionIdOf } from '../../src/lib/election/genesis';
import { proofDepthFor } from '../../src/lib/election/proofDepth';
import { credentialOf } from '../../src/lib/proofs/credential';

/** An election in which the script that measures can vote for everybody. */
export interface BenchElection {
	readonly election: Election;
	readonly electionId: ElectionId;
	/** Voting codes, in the order of the roll. */
	readonly codes: readonly string[];
	/** Commitments, in the order of the roll. */
	readonly group: readonly Hash[];
}

/** The same for the same number of voters each time, so that its ballots can be kept. Any nonce is work enough in it. */
export function benchElection(voters: number): BenchElection {
	const secret = new Uint8Array(32).fill(7);
	const voterIds = Array.from({ length: voters }, (_, voter) => `V${String(voter + 1).padStart(5, '0')}`);
	const codes = voterIds.map((voterId) => votingCodeOf(secret, voterId));
	const group = codes.map((code) => credentialOf(credentialKeyOf(code)).commitment);
	const proofDepth = proofDepthFor(voters);
	if (proofDepth === undefined) throw new Error(`no circuit has room for ${voters} voters`);
	const election: Election = {
		version: 1,
		title: `Benchmark of ${voters} voters`,
		description: '',
		contests: [{ title: 'Colour', options: ['Red', 'Green', 'Blue'] }],
		eligibility: 'issued',
		roll: voterIds.map((voterId, voter) => ({ voterId, key: group[voter]! })),
		organiser: null,
		opensAt: null,
		closesAt: null,
		blockInterval: 5_000,
		initialDifficulty: 1,
		proofDepth
	};
	return { election, electionId: electionIdOf(election), codes, group };
}
