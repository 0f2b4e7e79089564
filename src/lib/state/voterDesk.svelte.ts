import { formatCode, isWellFormedCode, normaliseCode } from '../election/votingCode';
import { errorCode, type ErrorCode } from '../errors/pollenError';
import type { PollenNode, VoterRequest, VoterStatus } from '../node/api';
import type { FormGap } from './voteFlow.svelte';

/** A refusal, and whether it is about what was typed or about what was asked for. */
export interface VoterProblem {
	readonly at: 'voterId' | 'code' | 'step';
	readonly code: ErrorCode | FormGap;
}

const PLACES: Partial<Record<ErrorCode, VoterProblem['at']>> = {
	'unknown-voter': 'voterId',
	'mistyped-code': 'code',
	'wrong-code': 'code'
};

type Welcoming = Pick<PollenNode, 'voterStatus' | 'enrol'>;

/**
 * Who this tab's visitor is, and the one thing for them to do now. Knows a voter from an invitation or by what they typed,
 * and keeps them while they look at other pages of the election; the voting code is kept in memory only.
 */
export class VoterDesk {
	readonly #node: Welcoming;
	#voterId = $state('');
	#code = $state('');
	#voter: VoterRequest | undefined = $state.raw();
	#status: VoterStatus | undefined = $state.raw();
	#problem: VoterProblem | undefined = $state.raw();
	#isAsking = $state(false);
	#isEnrolling = $state(false);
	#hasOpened = $state(false);
	#isInvited = $state(false);
	#invitation: VoterRequest | undefined;
	/** Counts the questions who this is, so that one that was overtaken changes nothing any more. */
	#question = 0;
	#stale = false;
	#refreshing: Promise<void> | undefined;

	constructor(node: Welcoming) {
		this.#node = node;
	}

	/** As typed, or as the invitation says. */
	get voterId(): string {
		return this.#voterId;
	}

	set voterId(typed: string) {
		this.#voterId = typed;
		this.#problem = undefined;
	}

	get code(): string {
		return this.#code;
	}

	set code(typed: string) {
		this.#code = typed;
		this.#problem = undefined;
	}

	/** The voter whom the node has recognised. */
	get voter(): VoterRequest | undefined {
		return this.#voter;
	}

	/** What the voter can do now; undefined without a voter. */
	get status(): VoterStatus | undefined {
		return this.#status;
	}

	get problem(): VoterProblem | undefined {
		return this.#problem;
	}

	/** Whether an invitation named the voter, and nobody has put it aside. */
	get isInvited(): boolean {
		return this.#isInvited;
	}

	/** Whether the node is being asked who this is. */
	get isAsking(): boolean {
		return this.#isAsking;
	}

	get isEnrolling(): boolean {
		return this.#isEnrolling;
	}

	/** Whether the poll opened while this voter was waiting for it here. */
	get hasOpened(): boolean {
		return this.#hasOpened;
	}

	/** Takes up an invitation, once: who has put it aside since is not asked by the same link again. */
	async invite({ voterId, code }: VoterRequest): Promise<void> {
		if (this.#invitation?.voterId === voterId && this.#invitation.code === code) return;
		this.#invitation = { voterId, code };
		this.#voterId = voterId;
		// In groups, as it is printed: that is how a voter compares it.
		this.#code = formatCode(normaliseCode(code));
		this.#isInvited = true;
		this.#recognise(undefined, undefined);
		await this.identify();
	}

	/** Asks the node about what stands in the boxes, if a look at them does not say already that it is wrong. */
	async identify(): Promise<void> {
		const question = this.#withdraw();
		this.#problem = this.#findGap();
		if (this.#problem !== undefined) return;
		const voter = { voterId: this.#voterId.trim(), code: normaliseCode(this.#code) };
		this.#isAsking = true;
		try {
			const status = await this.#node.voterStatus(voter);
			if (question === this.#question) this.#recognise(voter, status);
		} catch (error) {
			if (question === this.#question) this.#refuse(error);
		} finally {
			if (question === this.#question) this.#isAsking = false;
		}
	}

	/** Asks the node anew. Calls made meanwhile lead to one more question, not to one each. */
	refresh(): Promise<void> {
		this.#stale = true;
		this.#refreshing ??= this.#askWhileStale().finally(() => {
			this.#refreshing = undefined;
		});
		return this.#refreshing;
	}

	/** Enrols the voter on this device. */
	async enrol(): Promise<void> {
		const voter = this.#voter;
		if (voter === undefined || this.#isEnrolling) return;
		this.#problem = undefined;
		this.#isEnrolling = true;
		try {
			await this.#node.enrol(voter);
		} catch (error) {
			this.#refuse(error);
		} finally {
			this.#isEnrolling = false;
		}
		// After a refusal too: it may be that somebody else has enrolled meanwhile.
		await this.refresh();
	}

	/** Puts the voter aside, so that somebody else can show that they may vote. */
	forget(): void {
		this.#withdraw();
		this.#isInvited = false;
		this.#voterId = this.#code = '';
		this.#problem = undefined;
		this.#recognise(undefined, undefined);
	}

	/** Lets go of the question who this is, if it is being asked; returns the number of the next. */
	#withdraw(): number {
		this.#isAsking = false;
		return ++this.#question;
	}

	async #askWhileStale(): Promise<void> {
		while (this.#stale) {
			this.#stale = false;
			const voter = this.#voter;
			if (voter === undefined) continue;
			try {
				const status = await this.#node.voterStatus(voter);
				if (voter === this.#voter) this.#recognise(voter, status);
			} catch (error) {
				if (voter === this.#voter) this.#refuse(error);
			}
		}
	}

	#recognise(voter: VoterRequest | undefined, status: VoterStatus | undefined): void {
		const waited = this.#status?.step === 'wait' || this.#status?.step === 'enrolling';
		const isSame = voter !== undefined && voter === this.#voter;
		this.#hasOpened = isSame && status?.step === 'vote' && (waited || this.#hasOpened);
		this.#voter = voter;
		this.#status = status;
	}

	#findGap(): VoterProblem | undefined {
		if (this.#voterId.trim() === '') return { at: 'voterId', code: 'no-voter-id' };
		if (this.#code.trim() === '') return { at: 'code', code: 'no-code' };
		if (!isWellFormedCode(normaliseCode(this.#code))) return { at: 'code', code: 'mistyped-code' };
		return undefined;
	}

	#refuse(error: unknown): void {
		const code = errorCode(error, 'worker-failed');
		this.#problem = { at: PLACES[code] ?? 'step', code };
	}
}
