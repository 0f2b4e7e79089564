import type { ElectionId, Nullifier } from '../bytes/hash';
import type { Clock } from '../clock/port';
import { ballotMessage } from '../election/ballotMessage';
import type { Election } from '../election/definition';
import { phaseAt } from '../election/phase';
import { receiptCode } from '../election/receiptCode';
import { checkChoices } from '../election/rules/checkChoices';
import { encodeTransaction, transactionId, type Ballot } from '../election/transaction';
import { isWellFormedCode, normaliseCode } from '../election/votingCode';
import { PollenError } from '../errors/pollenError';
import type { ProofStatement, Prover } from '../proofs/port';
import type { Wallet } from '../storage/port';
import type { VoteReceipt, VoteRequest } from './api';
import type { Ledger } from './ledger';

export interface VotingDependencies {
	readonly election: Election;
	readonly electionId: ElectionId;
	readonly ledger: Ledger;
	readonly prover: Prover;
	readonly wallet: Wallet;
	readonly clock: Clock;
}

interface Preparation {
	readonly key: string;
	readonly proof: Promise<ProofStatement>;
	readonly abort: AbortController;
}

/** A voter's way from a voting code to a ballot in the mempool. */
export class Voting {
	/** The proof for the choice that the voter is looking at, under way or done. */
	#preparation: Preparation | undefined;
	/** Counts the calls of `prepare`, of which only the newest matters. */
	#prepareCalls = 0;
	/** Commitments of codes that were tried, since deriving one takes tens of milliseconds. */
	readonly #commitments = new Map<string, Promise<string>>();

	constructor(private readonly parts: VotingDependencies) {}

	/** Rejects unknown-voter, wrong-code, poll-not-open, poll-closed, already-voted. */
	async checkVoter(voterId: string, typedCode: string): Promise<void> {
		const { election, ledger, prover, clock } = this.parts;
		const code = normaliseCode(typedCode);
		await this.#checkCredential(voterId, code);
		const phase = phaseAt(election, clock.now());
		if (phase === 'before') throw new PollenError('poll-not-open', 'the poll has not opened yet');
		if (phase === 'closed') throw new PollenError('poll-closed', 'the poll is closed');
		const nullifier = await prover.nullifierOf(code);
		if (this.#hasVoted(ledger, nullifier)) throw new PollenError('already-voted', 'this credential has voted');
	}

	/** Starts the proof for a choice; the newest call replaces the one before. Never rejects. */
	prepare(request: VoteRequest): void {
		const call = ++this.#prepareCalls;
		void (async () => {
			try {
				const choices = [...request.choices];
				const code = normaliseCode(request.code);
				checkChoices(this.parts.election, choices);
				await this.#checkCredential(request.voterId, code);
				if (call === this.#prepareCalls) this.#startProof(code, choices);
			} catch {
				// What is wrong with the request is said when it is made in earnest.
			}
		})();
	}

	/** Rejects like `checkVoter`, and no-choice, unknown-option, storage-full, storage-failed, artifact-*, worker-failed. */
	async vote({ voterId, code, choices: asked }: VoteRequest): Promise<VoteReceipt> {
		const { election, ledger, wallet, electionId, clock } = this.parts;
		const choices = [...asked];
		checkChoices(election, choices);
		await this.checkVoter(voterId, code);
		const { nullifier, proof } = await this.#takeProof(normaliseCode(code), choices);
		const ballot: Ballot = { kind: 'ballot', nullifier, choices, proof };
		await this.#admit(ledger, ballot);
		// The ballot is safe on this device and on its way; losing only the note of it must not look like a failed vote.
		await wallet
			.saveReceipt({
				electionId,
				nullifier,
				voterId: voterId.trim(),
				choices: ballot.choices,
				transaction: encodeTransaction(ballot),
				castAt: clock.now()
			})
			.catch(() => undefined);
		return { ballotId: transactionId(ballot), nullifier, receiptCode: receiptCode(nullifier) };
	}

	async #admit(ledger: Ledger, ballot: Ballot): Promise<void> {
		try {
			await ledger.addTransaction(ballot, 'strict');
		} catch (error) {
			if (error instanceof PollenError && error.code === 'duplicate-nullifier') {
				throw new PollenError('already-voted', 'this credential has voted meanwhile', { cause: error });
			}
			throw error;
		}
	}

	#hasVoted(ledger: Ledger, nullifier: Nullifier): boolean {
		return ledger.core.state.ballots.has(nullifier) || ledger.core.mempool.withNullifier(nullifier) !== undefined;
	}

	async #checkCredential(voterId: string, code: string): Promise<void> {
		const entry = this.parts.election.roll.find((candidate) => candidate.voterId === voterId.trim());
		if (!entry) throw new PollenError('unknown-voter', 'this voter ID is not on the roll');
		if (!isWellFormedCode(code) || (await this.#commitmentOf(code)) !== entry.key) {
			throw new PollenError('wrong-code', 'this voting code does not belong to this voter ID');
		}
	}

	#commitmentOf(code: string): Promise<string> {
		let commitment = this.#commitments.get(code);
		if (!commitment) {
			commitment = this.parts.prover.commitmentOf(code);
			commitment.catch(() => this.#commitments.delete(code));
			this.#commitments.set(code, commitment);
		}
		return commitment;
	}

	/** The proof that was prepared, or a new one. It is the vote's own from here on: no preparation aborts it. */
	#takeProof(code: string, choices: readonly number[]): Promise<ProofStatement> {
		const { proof } = this.#startProof(code, choices);
		this.#preparation = undefined;
		// Whoever still prepares this vote is too late.
		this.#prepareCalls += 1;
		return proof;
	}

	/** Goes on with the preparation of this very choice, or replaces the one there is. */
	#startProof(code: string, choices: readonly number[]): Preparation {
		const key = `${code} ${choices.join(',')}`;
		if (this.#preparation?.key === key) return this.#preparation;
		this.#preparation?.abort.abort();
		const abort = new AbortController();
		const proof = this.parts.prover.prove(code, ballotMessage(this.parts.electionId, choices), abort.signal);
		const preparation = { key, proof, abort };
		this.#preparation = preparation;
		// A proof that failed is tried again the next time it is wanted.
		proof.catch(() => {
			if (this.#preparation === preparation) this.#preparation = undefined;
		});
		return preparation;
	}
}
