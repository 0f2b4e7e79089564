import type { ElectionId, Hash, Nullifier } from '../bytes/hash';
import { bytesToHex } from '../bytes/hex';
import { credentialKeyOf, enrolmentKeyOf } from '../election/codeKeys';
import type { Clock } from '../clock/port';
import type { Election } from '../election/definition';
import { phaseAt } from '../election/phase';
import { publicKeyOf, signTransaction } from '../election/signing';
import {
	ballotKey,
	decodeTransaction,
	encodeTransaction,
	enrolmentKey,
	type Enrolment,
	type Transaction
} from '../election/transaction';
import { isWellFormedCode, normaliseCode } from '../election/votingCode';
import { PollenError } from '../errors/pollenError';
import type { CredentialKey, Prover } from '../proofs/port';
import type { StoredCredential, Wallet } from '../storage/port';
import type { VoterRequest, VoterStatus, VoterStep } from './api';
import type { Ledger } from './ledger';
import { isProvable } from './mempool';
import { depthOf } from './whereBallot';

export interface VoterDependencies {
	readonly election: Election;
	readonly electionId: ElectionId;
	readonly ledger: Ledger;
	readonly prover: Prover;
	readonly wallet: Wallet;
	readonly clock: Clock;
	/** Unpredictable bytes. */
	readonly randomBytes: (length: number) => Uint8Array;
	/** Admits a transaction and sends it on its way. Rejects with the code of the broken rule. */
	readonly cast: (transaction: Transaction) => Promise<unknown>;
}

/** A voter whose voting code was checked against the roll. */
interface KnownVoter {
	readonly voterId: string;
	readonly rollIndex: number;
	/** Normalised. */
	readonly code: string;
}

const KEY_BYTES = 32;

/** Who may vote with what: voters by voter ID and voting code, their credentials, and their enrolment. */
export class Voters {
	/** Commitments of codes that were tried, so that typing does not derive one again and again. */
	readonly #commitments = new Map<string, Promise<Hash>>();
	/** Nullifiers of credentials that were asked about: while a proof is under way, the prover has no time for another. */
	readonly #nullifiers = new Map<string, Promise<Nullifier>>();

	constructor(private readonly parts: VoterDependencies) {}

	/** Rejects unknown-voter, mistyped-code, wrong-code. */
	async status(voter: VoterRequest): Promise<VoterStatus> {
		const known = await this.#identify(voter);
		const isIssued = this.parts.election.eligibility === 'issued';
		return isIssued ? await this.#issuedStatus(known) : await this.#enrolmentStatus(known);
	}

	/**
	 * The key of the credential with which this voter votes. Rejects like `status`, and with the code that says why there is
	 * none.
	 */
	async credentialKey(voter: VoterRequest): Promise<CredentialKey> {
		const known = await this.#identify(voter);
		if (this.parts.election.eligibility === 'issued') return credentialKeyOf(known.code);
		const own = await this.#ownEnrolment(known);
		if (own.isOwn && own.credential) return own.credential.key;
		throw new PollenError(own.enrolled ? 'enrolled-elsewhere' : 'not-enrolled');
	}

	/** Rejects like `status`, and no-enrolment, already-enrolled, enrolled-elsewhere, enrolment-closed, poll-closed, storage-*. */
	async enrol(voter: VoterRequest): Promise<void> {
		if (this.parts.election.eligibility !== 'enrolment') throw new PollenError('no-enrolment');
		const known = await this.#identify(voter);
		const { ledger, clock } = this.parts;
		const { enrolled, isOwn } = await this.#ownEnrolment(known);
		if (enrolled) throw new PollenError(isOwn ? 'already-enrolled' : 'enrolled-elsewhere');
		const phase = phaseAt(ledger.core.state, clock.now());
		if (phase === 'closed') throw new PollenError('poll-closed');
		if (phase !== 'enrolment') throw new PollenError('enrolment-closed');
		const { enrolment } = await this.#keepCredential(known);
		await this.#admit(decodeTransaction(enrolment));
	}

	async #identify({ voterId, code: typed }: VoterRequest): Promise<KnownVoter> {
		const { election } = this.parts;
		const code = normaliseCode(typed);
		const rollIndex = election.roll.findIndex((candidate) => candidate.voterId === voterId.trim());
		const entry = election.roll[rollIndex];
		if (!entry) throw new PollenError('unknown-voter', 'this voter ID is not on the roll');
		if (!isWellFormedCode(code)) throw new PollenError('mistyped-code', 'the check character does not fit');
		const key = election.eligibility === 'issued' ? await this.#commitmentOf(code) : publicKeyOf(enrolmentKeyOf(code));
		if (key !== entry.key) throw new PollenError('wrong-code', 'this voting code does not belong to this voter ID');
		return { voterId: entry.voterId, rollIndex, code };
	}

	async #issuedStatus({ voterId, code }: KnownVoter): Promise<VoterStatus> {
		return { voterId, ...(await this.#memberStep(credentialKeyOf(code))) };
	}

	async #enrolmentStatus(voter: KnownVoter): Promise<VoterStatus> {
		const { voterId } = voter;
		const { ledger, clock } = this.parts;
		const { state } = ledger.core;
		const { credential, enrolled, isOwn } = await this.#ownEnrolment(voter);
		const phase = phaseAt(state, clock.now());
		if (phase === 'enrolment') {
			if (enrolled && !isOwn) return { voterId, step: 'enrolled-elsewhere' };
			if (enrolled) return { voterId, step: 'wait', confirmations: depthOf(state, enrolled.height) };
			return { voterId, ...this.#beforeEnrolment(voter, credential) };
		}
		if (isOwn && credential) {
			const member = await this.#memberStep(credential.key);
			const confirmations = enrolled && depthOf(state, enrolled.height);
			return { voterId, ...member, ...(confirmations === undefined ? {} : { confirmations }) };
		}
		if (phase === 'closed') return { voterId, step: 'closed' };
		return { voterId, step: enrolled ? 'enrolled-elsewhere' : 'not-enrolled' };
	}

	/** What a voter can do who is not enrolled on the chain. */
	#beforeEnrolment({ rollIndex }: KnownVoter, credential: StoredCredential | undefined): Omit<VoterStatus, 'voterId'> {
		const { mempool } = this.parts.ledger.core;
		const pending = mempool.withKey(enrolmentKey(rollIndex))?.transaction;
		const commitment = pending?.kind === 'enrolment' ? pending.commitment : undefined;
		if (commitment !== undefined && commitment !== credential?.commitment) return { step: 'enrolled-elsewhere' };
		// Somebody else has enrolled with our commitment, which they could copy while it waited: a new credential is needed.
		if (credential && !this.#isTaken(credential, rollIndex)) return { step: 'enrolling', confirmations: 0 };
		return { step: 'enrol' };
	}

	/** What somebody can do whose credential is in the group. */
	async #memberStep(key: CredentialKey): Promise<{ step: VoterStep; nullifier?: Nullifier }> {
		const { ledger, prover, clock } = this.parts;
		const { state, mempool } = ledger.core;
		const nullifier = await derive(this.#nullifiers, bytesToHex(key), () => prover.nullifierOf(key));
		const hasVoted = state.recordedBallot(nullifier) !== undefined;
		// A ballot that was proved for a group which a reorg has undone can be recorded no more; another may take its place.
		const pending = mempool.withKey(ballotKey(nullifier));
		if (hasVoted || (pending && isProvable(ledger.core, pending))) return { step: 'voted', nullifier };
		const phase = phaseAt(state, clock.now());
		if (phase === 'closed') return { step: 'closed' };
		return { step: phase === 'open' ? 'vote' : 'wait' };
	}

	async #ownEnrolment({ voterId, rollIndex }: KnownVoter) {
		const { wallet, electionId, ledger } = this.parts;
		const credential = await wallet.loadCredential(electionId, voterId);
		const enrolled = ledger.core.state.enrolments.get(rollIndex);
		return { credential, enrolled, isOwn: enrolled !== undefined && enrolled.commitment === credential?.commitment };
	}

	/** Whether another voter has enrolled with this commitment. Not this one, whose enrolment may be recorded at any moment. */
	#isTaken({ commitment }: StoredCredential, rollIndex: number): boolean {
		const { state } = this.parts.ledger.core;
		return state.isCommitted(commitment) && state.enrolments.get(rollIndex)?.commitment !== commitment;
	}

	/** The credential of this device, made if there is none. It is on disk before its commitment leaves the device. */
	async #keepCredential({ voterId, rollIndex, code }: KnownVoter): Promise<StoredCredential> {
		const { wallet, electionId, prover, randomBytes, clock } = this.parts;
		const known = await wallet.loadCredential(electionId, voterId);
		if (known && !this.#isTaken(known, rollIndex)) return known;
		const key = randomBytes(KEY_BYTES);
		const commitment = await prover.commitmentOf(key);
		const enrolment: Enrolment = signTransaction(
			electionId,
			{ kind: 'enrolment', rollIndex, commitment },
			enrolmentKeyOf(code)
		);
		const made: StoredCredential = {
			electionId,
			voterId,
			key,
			commitment,
			enrolment: encodeTransaction(enrolment),
			createdAt: clock.now()
		};
		if (!known) return await wallet.keepCredential(made);
		if (!this.#isTaken(known, rollIndex)) return known;
		await wallet.replaceCredential(made);
		return made;
	}

	async #admit(enrolment: Transaction): Promise<void> {
		try {
			await this.parts.cast(enrolment);
		} catch (error) {
			if (error instanceof PollenError && error.code === 'already-enrolled') {
				throw new PollenError('enrolled-elsewhere', 'another enrolment of this voter came first', { cause: error });
			}
			throw error;
		}
	}

	#commitmentOf(code: string): Promise<Hash> {
		return derive(this.#commitments, code, () => this.parts.prover.commitmentOf(credentialKeyOf(code)));
	}
}

/** What was derived before, or what is derived now. A failure is not kept. */
function derive<T>(known: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
	const derived = known.get(name);
	if (derived) return derived;
	const making = make();
	making.catch(() => known.delete(name));
	known.set(name, making);
	return making;
}
