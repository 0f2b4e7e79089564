import { isWellFormedCode, normaliseCode } from '../election/votingCode';
import { errorCode, type ErrorCode } from '../errors/pollenError';
import type { PollenNode, VoteReceipt, VoteRequest } from '../node/api';
import { ProverDesk } from './proverDesk.svelte';

/** What is missing before there is anything to ask the node. */
export type FormGap = 'no-voter-id' | 'no-code';

/** A refusal, and the part of the ballot paper it is about. */
export interface VoteProblem {
	readonly at: 'choice' | 'voterId' | 'code' | 'ballot';
	readonly code: ErrorCode | FormGap;
}

/** No option in this contest (design, section 3). Said again here, where the codec of ballots is too much to load. */
export const ABSTAIN = 255;

/** What is marked in a contest: an option, {@link ABSTAIN}, or nothing yet. */
export type Mark = number | undefined;

const PLACES: Partial<Record<ErrorCode, VoteProblem['at']>> = {
	'no-choice': 'choice',
	'unknown-option': 'choice',
	'unknown-voter': 'voterId',
	'mistyped-code': 'code',
	'wrong-code': 'code',
	'already-voted': 'code'
};

/** What has nothing to do with the ballot, so that the same ballot can be cast once more. */
const PASSING: readonly string[] = ['artifact-unreachable', 'artifact-corrupt'] satisfies ErrorCode[];

type Voting = Pick<PollenNode, 'checkVoter' | 'prepareProver' | 'prepareVote' | 'vote'>;

/** One voter's way from an empty ballot paper to a receipt. A node may serve several voters, one after the other. */
export class VoteFlow {
	/** Gets ready what the ballot needs. */
	readonly prover: ProverDesk;
	readonly #node: Voting;
	readonly #contests: number;
	#marks: readonly Mark[] = $state.raw([]);
	#voterId = $state('');
	#code = $state('');
	#stage: 'filling' | 'checking' | 'confirming' | 'casting' = $state('filling');
	#problem: VoteProblem | undefined = $state.raw();
	#receipt: VoteReceipt | undefined = $state.raw();
	#votedAs: string | undefined = $state();

	constructor(node: Voting, contests: number) {
		this.#node = node;
		this.prover = new ProverDesk(node);
		this.#contests = contests;
		this.#reset();
	}

	/** What stands on the paper, contest by contest. */
	get marks(): readonly Mark[] {
		return this.#marks;
	}

	/** What would be cast: a contest that was not touched is an abstention too. */
	get choices(): readonly number[] {
		return this.#marks.map((mark) => mark ?? ABSTAIN);
	}

	get voterId(): string {
		return this.#voterId;
	}

	set voterId(typed: string) {
		this.#identify(typed, this.#code);
	}

	get code(): string {
		return this.#code;
	}

	set code(typed: string) {
		this.#identify(this.#voterId, typed);
	}

	get stage(): 'filling' | 'checking' | 'confirming' | 'casting' {
		return this.#stage;
	}

	get problem(): VoteProblem | undefined {
		return this.#problem;
	}

	/** The receipt of the last ballot cast in this tab. */
	get receipt(): VoteReceipt | undefined {
		return this.#receipt;
	}

	/** The voter ID of the last ballot cast in this tab, for as long as the tab lives. */
	get votedAs(): string | undefined {
		return this.#votedAs;
	}

	/** Marks an option, or {@link ABSTAIN} for none. */
	choose(contest: number, option: number): void {
		void this.prover.open();
		this.#marks = this.#marks.with(contest, option);
		this.#problem = undefined;
		this.#prepare();
	}

	/** Fills both boxes at once. */
	identify(voterId: string, code: string): void {
		this.#identify(voterId, code);
	}

	/** Checks everything that can be checked before anything is cast, then asks for confirmation. */
	async review(): Promise<void> {
		if (this.#stage !== 'filling') return;
		this.#problem = this.#findGap();
		if (this.#problem !== undefined) return;
		this.#stage = 'checking';
		try {
			await this.#node.checkVoter(this.#request().voterId, this.#request().code);
			// Now that the voter has finished, contests left untouched are abstentions.
			if (this.#marks.includes(undefined)) this.#node.prepareVote(this.#request());
			this.#stage = 'confirming';
		} catch (error) {
			this.#refuse(error);
		}
	}

	/** Back from the confirmation to the paper, with everything as it was. */
	back(): void {
		if (this.#stage === 'confirming') this.#stage = 'filling';
	}

	/** Casts the ballot. The paper is empty again afterwards, unless it was refused. */
	async cast(): Promise<void> {
		if (this.#stage === 'confirming') await this.#cast();
	}

	/** Whether the ballot was confirmed, has not changed, and failed only for what may have passed. */
	get mayCastAgain(): boolean {
		return this.#stage === 'filling' && this.#problem !== undefined && PASSING.includes(this.#problem.code);
	}

	async castAgain(): Promise<void> {
		if (this.mayCastAgain) await this.#cast();
	}

	async #cast(): Promise<void> {
		this.#stage = 'casting';
		this.#problem = undefined;
		void this.prover.open();
		this.#receipt = undefined;
		const request = this.#request();
		try {
			this.#receipt = await this.#node.vote(request);
			this.#votedAs = request.voterId;
			this.#reset();
			this.#stage = 'filling';
		} catch (error) {
			this.#refuse(error);
		}
	}

	#identify(voterId: string, code: string): void {
		// Whoever is named again by an invitation has changed nothing, and made nothing right.
		if (voterId === this.#voterId && code === this.#code) return;
		this.#voterId = voterId;
		this.#code = code;
		this.#problem = undefined;
		this.#prepare();
	}

	/** The proof takes seconds, so it starts as soon as the paper could be cast, while the voter still reads. */
	#prepare(): void {
		const isWhole = this.#findGap() === undefined && !this.#marks.includes(undefined);
		if (isWhole && isWellFormedCode(normaliseCode(this.#code)) && this.#stage === 'filling')
			this.#node.prepareVote(this.#request());
	}

	#findGap(): VoteProblem | undefined {
		if (this.choices.every((choice) => choice === ABSTAIN)) return { at: 'choice', code: 'no-choice' };
		if (this.#voterId.trim() === '') return { at: 'voterId', code: 'no-voter-id' };
		if (this.#code.trim() === '') return { at: 'code', code: 'no-code' };
		return undefined;
	}

	#refuse(error: unknown): void {
		const code = errorCode(error, 'worker-failed');
		this.#problem = { at: PLACES[code] ?? 'ballot', code };
		this.#stage = 'filling';
	}

	#request(): VoteRequest {
		return { voterId: this.#voterId.trim(), code: this.#code.trim(), choices: this.choices };
	}

	#reset(): void {
		this.#marks = new Array<Mark>(this.#contests).fill(undefined);
		this.#voterId = '';
		this.#code = '';
	}
}
