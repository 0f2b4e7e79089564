import type { ElectionId } from '../bytes/hash';
import { bytesToHex } from '../bytes/hex';
import type { Clock } from '../clock/port';
import { ballotMessage } from '../election/ballotMessage';
import type { Election } from '../election/definition';
import { receiptCode } from '../election/receiptCode';
import { checkChoices } from '../election/rules/checkChoices';
import { encodeTransaction, transactionId, type Ballot, type Transaction } from '../election/transaction';
import { errorCode, PollenError, type ErrorCode } from '../errors/pollenError';
import type { CredentialKey, ProofStatement, Prover } from '../proofs/port';
import type { Wallet } from '../storage/port';
import type { VoteReceipt, VoteRequest, VoterRequest, VoterStep } from './api';
import type { Ledger } from './ledger';
import type { Voters } from './voters';

export interface VotingDependencies {
	readonly election: Election;
	readonly electionId: ElectionId;
	readonly ledger: Ledger;
	readonly voters: Voters;
	readonly prover: Prover;
	readonly wallet: Wallet;
	readonly clock: Clock;
	/** Admits a transaction and sends it on its way. Rejects with the code of the broken rule. */
	readonly cast: (transaction: Transaction) => Promise<unknown>;
}

interface Preparation {
	/** Tells whose proof it is, for which choices and which group. */
	readonly name: string;
	readonly proof: Promise<ProofStatement>;
	readonly abort: AbortController;
}

/**
 * A proof begins when the voter has kept to a choice for so long. Clicking through the options then starts none; who has
 * decided takes longer to find and press two buttons.
 */
export const SETTLE_MS = 300;

const REFUSALS: Readonly<Record<VoterStep, ErrorCode | undefined>> = {
	enrol: 'poll-not-open',
	enrolling: 'poll-not-open',
	wait: 'poll-not-open',
	vote: undefined,
	voted: 'already-voted',
	'enrolled-elsewhere': 'enrolled-elsewhere',
	'not-enrolled': 'not-enrolled',
	closed: 'poll-closed'
};

/** A voter's way from a voting code to a ballot in the mempool. */
export class Voting {
	/** The proof for the choice that the voter is looking at, under way or done. */
	#preparation: Preparation | undefined;
	/** Counts the calls of `prepare`, of which only the newest matters. */
	#prepareCalls = 0;

	constructor(private readonly parts: VotingDependencies) {}

	/** Rejects with the code of what keeps this voter from voting now: the codes of `VoterStep`s, and of who is no voter. */
	async checkVoter(voter: VoterRequest): Promise<void> {
		const { step } = await this.parts.voters.status(voter).catch((error: unknown) => {
			// To scripts a code is right or wrong; how it is wrong matters to who types it, and the page tells them.
			if (errorCode(error, 'worker-failed') === 'mistyped-code') throw new PollenError('wrong-code');
			throw error;
		});
		const refusal = REFUSALS[step];
		if (refusal) throw new PollenError(refusal);
	}

	/**
	 * Starts the proof for a choice once it has settled; the newest call replaces the one before. Whoever cannot vote now has
	 * none made. Never rejects.
	 */
	prepare(request: VoteRequest): void {
		const call = ++this.#prepareCalls;
		this.#prepare(request, () => call === this.#prepareCalls).catch(() => {
			// What is wrong with the request is said when it is made in earnest.
		});
	}

	/** Rejects like `checkVoter`, and no-choice, unknown-option, storage-full, storage-failed, artifact-*, worker-failed. */
	async vote(request: VoteRequest): Promise<VoteReceipt> {
		const { election, wallet, electionId, clock, voters } = this.parts;
		const choices = [...request.choices];
		checkChoices(election, choices);
		await this.checkVoter(request);
		const { nullifier, proof } = await this.#takeProof(await voters.credentialKey(request), choices);
		const ballot: Ballot = { kind: 'ballot', nullifier, choices, proof };
		await this.#admit(ballot);
		// The ballot is safe on this device and on its way; losing only the note of it must not look like a failed vote.
		await wallet
			.saveReceipt({
				electionId,
				nullifier,
				voterId: request.voterId.trim(),
				choices: ballot.choices,
				transaction: encodeTransaction(ballot),
				castAt: clock.now()
			})
			.catch(() => undefined);
		return { ballotId: transactionId(ballot), nullifier, receiptCode: receiptCode(nullifier) };
	}

	async #prepare(request: VoteRequest, isNewest: () => boolean): Promise<void> {
		const { election, voters, clock } = this.parts;
		const choices = [...request.choices];
		checkChoices(election, choices);
		// Asked before the proof begins: the prover has no time for it then, and pressing "Vote" asks again.
		const { step } = await voters.status(request);
		if (step !== 'vote' && step !== 'wait') return;
		const key = await voters.credentialKey(request);
		if (!isNewest()) return;
		if (this.#preparation?.name !== this.#nameOf(key, choices)) this.#abandon();
		await new Promise<void>((resolve) => clock.after(SETTLE_MS, resolve));
		if (isNewest()) this.#startProof(key, choices);
	}

	async #admit(ballot: Ballot): Promise<void> {
		try {
			await this.parts.cast(ballot);
		} catch (error) {
			if (error instanceof PollenError && error.code === 'duplicate-nullifier') {
				throw new PollenError('already-voted', 'this credential has voted meanwhile', { cause: error });
			}
			throw error;
		}
	}

	/** The proof that was prepared, or a new one. It is the vote's own from here on: no preparation aborts it. */
	#takeProof(key: CredentialKey, choices: readonly number[]): Promise<ProofStatement> {
		const { proof } = this.#startProof(key, choices);
		this.#preparation = undefined;
		// Whoever still prepares this vote is too late.
		this.#prepareCalls += 1;
		return proof;
	}

	/** Goes on with the preparation of this very choice for this very group, or replaces the one there is. */
	#startProof(key: CredentialKey, choices: readonly number[]): Preparation {
		const { electionId, ledger, prover } = this.parts;
		const { group } = ledger.core.state;
		const name = this.#nameOf(key, choices);
		if (this.#preparation?.name === name) return this.#preparation;
		this.#abandon();
		const abort = new AbortController();
		const proof = group
			? prover.prove(key, group, ballotMessage(electionId, choices), abort.signal)
			: Promise.reject(new PollenError('poll-not-open', 'there is no group yet'));
		const preparation = { name, proof, abort };
		this.#preparation = preparation;
		// A proof that failed is tried again the next time it is wanted.
		proof.catch(() => {
			if (this.#preparation === preparation) this.#preparation = undefined;
		});
		return preparation;
	}

	#abandon(): void {
		this.#preparation?.abort.abort();
		this.#preparation = undefined;
	}

	#nameOf(key: CredentialKey, choices: readonly number[]): string {
		return `${bytesToHex(key)} ${choices.join(',')} ${this.parts.ledger.core.state.groupRoot}`;
	}
}
