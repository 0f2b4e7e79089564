import type { BlockHash, ElectionId } from '../bytes/hash';
import type { Clock } from '../clock/port';
import { organiserKeyOf } from '../election/codeKeys';
import type { Election } from '../election/definition';
import { checkClosing } from '../election/rules/checkClosing';
import { checkOpening } from '../election/rules/checkOpening';
import { publicKeyOf, signTransaction, type SecretKey } from '../election/signing';
import { PollenError } from '../errors/pollenError';
import type { ProofVerifier } from '../proofs/port';
import type { Wallet } from '../storage/port';
import { isStale } from './admit';
import type { Ledger } from './ledger';

export interface OrganiserDependencies {
	readonly election: Election;
	readonly electionId: ElectionId;
	readonly ledger: Ledger;
	readonly verifier: ProofVerifier;
	readonly wallet: Wallet;
	readonly clock: Clock;
}

/** What only the organiser can do: sign the opening and the closing. */
export class Organiser {
	#renewing = false;

	constructor(private readonly parts: OrganiserDependencies) {}

	async isHere(): Promise<boolean> {
		return (await this.#key()) !== undefined;
	}

	/** What the organiser has signed and is not on the chain yet. */
	get task(): 'opening' | 'closing' | undefined {
		const { mempool } = this.parts.ledger.core;
		if (mempool.withKey('closing')) return 'closing';
		return mempool.withKey('opening') ? 'opening' : undefined;
	}

	/** Rejects not-organiser, no-enrolment, already-open, poll-closed, group-too-small, storage-full, storage-failed. */
	async open(): Promise<void> {
		const key = await this.#requireKey();
		const { electionId, ledger, verifier, clock } = this.parts;
		const { state } = ledger.core;
		const group = state.enrolledCommitments();
		const opening = {
			kind: 'opening' as const,
			groupSize: group.length,
			groupRoot: electionId,
			signature: new Uint8Array()
		};
		checkOpening(state, opening, clock.now());
		const groupRoot = await verifier.groupRootOf(group);
		const signed = signTransaction(electionId, { kind: 'opening', groupSize: group.length, groupRoot } as const, key);
		await ledger.addTransaction(signed, 'strict');
	}

	/** Names the tip as the last counted block. Rejects not-organiser, poll-not-open, already-closed, storage-full, storage-failed. */
	async close(): Promise<void> {
		const key = await this.#requireKey();
		const { electionId, ledger } = this.parts;
		const { state } = ledger.core;
		const closing = { kind: 'closing', height: state.height, blockHash: state.tip } as const;
		checkClosing(state, { ...closing, signature: new Uint8Array() });
		await ledger.addTransaction(signTransaction(electionId, closing, key), 'strict');
	}

	/**
	 * Called when the chain has changed: an opening that waits, while another voter was enrolled first, is signed anew for the
	 * group as it is now. A closing is never signed anew without being asked for: two different ones look like two results.
	 */
	async renew(): Promise<void> {
		if (this.#renewing) return;
		this.#renewing = true;
		const { core } = this.parts.ledger;
		try {
			// Once more if the chain has changed meanwhile, which called this in vain.
			for (let tip: BlockHash | undefined; tip !== core.tip.hash && this.#isOpeningStale();) {
				tip = core.tip.hash;
				await this.#openAgain();
			}
		} finally {
			this.#renewing = false;
		}
	}

	#isOpeningStale(): boolean {
		const { ledger, clock } = this.parts;
		const pending = ledger.core.mempool.withKey('opening');
		return pending !== undefined && isStale(ledger.core, pending, clock.now());
	}

	async #openAgain(): Promise<void> {
		try {
			if (await this.isHere()) await this.open();
		} catch (error) {
			// What keeps it from being signed is told when the organiser asks for it.
			if (!(error instanceof PollenError)) throw error;
		}
	}

	async #requireKey(): Promise<SecretKey> {
		const key = await this.#key();
		if (!key) throw new PollenError('not-organiser', 'this profile does not hold the organiser’s secret');
		return key;
	}

	async #key(): Promise<SecretKey | undefined> {
		const { wallet, electionId, election } = this.parts;
		const organiser = await wallet.loadOrganiser(electionId);
		const key = organiser && organiserKeyOf(organiser.secret);
		return key && publicKeyOf(key) === election.organiser ? key : undefined;
	}
}
