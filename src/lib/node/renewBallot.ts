import type { ElectionId } from '../bytes/hash';
import { ballotMessage } from '../election/ballotMessage';
import { encodeTransaction, type Ballot, type Transaction } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import type { Prover } from '../proofs/port';
import type { StoredReceipt, Wallet } from '../storage/port';
import type { Ledger } from './ledger';

export interface RenewalParts {
	readonly electionId: ElectionId;
	readonly ledger: Pick<Ledger, 'core'>;
	readonly wallet: Pick<Wallet, 'loadCredential' | 'saveReceipt'>;
	readonly prover: Pick<Prover, 'prove'>;
	readonly cast: (transaction: Transaction) => Promise<unknown>;
}

/**
 * Proves a ballot of this device anew, for the group as it is now, and casts it in the place of the old one. A proof holds for one
 * group; when two groups of tabs were parted and the chain that won has another opening, ballots that were proved for the first can
 * never be recorded. The choices and the nullifier stay, so that it is the same vote.
 *
 * Rejects with not-enrolled when the credential is not on this device, wrong-code when it is not in the group, and with the code of
 * what refuses the ballot; then the old one stays what it was.
 */
export async function renewBallot(parts: RenewalParts, receipt: StoredReceipt): Promise<void> {
	const { electionId, ledger, wallet, prover, cast } = parts;
	const { voterId, choices, nullifier } = receipt;
	const { group } = ledger.core.state;
	const credential = await wallet.loadCredential(electionId, voterId);
	if (!group || !credential) throw new PollenError('not-enrolled', 'there is nothing to prove it with');
	const statement = await prover.prove(credential.key, group, ballotMessage(electionId, choices));
	// A credential that was replaced since would vote a second time.
	if (statement.nullifier !== nullifier) throw new PollenError('not-enrolled', 'the ballot is of another credential');
	const ballot: Ballot = { kind: 'ballot', nullifier, choices: [...choices], proof: statement.proof };
	await cast(ballot);
	await wallet.saveReceipt({ ...receipt, transaction: encodeTransaction(ballot) });
}
