import type { ElectionId } from '../bytes/hash';
import { errorCode, PollenError, type ErrorCode } from '../errors/pollenError';
import { checkDraft, type DraftPlace, type DraftProblem } from '../organising/checkDraft';
import {
	emptyContest,
	emptyDraft,
	planOf,
	readDraft,
	rollOf,
	type Draft,
	type DraftContest,
	type DraftRoll
} from '../organising/draft';
import type { ElectionPlan } from '../organising/electionPlan';
import { MAX_ROLL_BYTES } from '../organising/limits';
import { readRoll } from '../organising/rollFile';
import { decodeRoll, type RollEncoding } from '../organising/rollText';
import type { Wallet } from '../storage/port';
import { tabStash, type DraftStash } from './newElectionStash';
import { STEPS, stepOf, type Step } from './newElectionSteps';
import { checkSecureContext } from './session.svelte';

/** How long typing has to rest before the draft is kept. */
const SAVE_DELAY_MS = 300;

/** What the form asks of the world. */
export interface NewElectionDesk {
	withWallet<T>(task: (wallet: Pick<Wallet, 'loadDraft' | 'saveDraft' | 'deleteDraft'>) => Promise<T>): Promise<T>;
	createElection(
		plan: ElectionPlan,
		onProgress: (done: number, total: number) => void,
		signal: AbortSignal
	): Promise<ElectionId>;
	readonly stash: DraftStash;
	/** Milliseconds since the epoch. */
	now(): number;
}

/** A file that the list of voters was read from. */
export interface RollSource {
	readonly name: string;
	readonly encoding: RollEncoding;
}

/** The form of a new election: a draft that outlives the page, step by step, until an election is made of it. */
export class NewElection {
	readonly #desk: NewElectionDesk;
	#draft: Draft = $state.raw(emptyDraft());
	#isLoaded = $state(false);
	/** The time that the draft is judged by: that of the last look at it. */
	#now: number = $state(0);
	/** Fields whose problems are shown: those that were left, and those of a step that was to be finished. */
	#shown: readonly DraftPlace[] = $state.raw([]);
	#file: RollSource | undefined = $state.raw();
	#fileProblem: string | undefined = $state();
	/** The list of voters that a file took the place of. */
	#replaced: string | undefined = $state.raw();
	#making: { readonly done: number; readonly total: number } | undefined = $state.raw();
	#failure: ErrorCode | undefined = $state.raw();
	#saveFailure: ErrorCode | undefined = $state.raw();
	#edited: readonly DraftPlace[] = [];
	/** Edits are counted, so that it is known which of them are kept. */
	#edits = 0;
	#savedEdits = 0;
	#saving: Promise<void> | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#abort: AbortController | undefined;

	readonly #voters = $derived(this.#draft.voters);
	readonly #roll = $derived(rollOf(this.#voters));
	readonly #problems = $derived(checkDraft(this.#draft, this.#now, this.#roll));

	constructor(desk: NewElectionDesk) {
		this.#desk = desk;
	}

	get draft(): Draft {
		return this.#draft;
	}

	/** Whether the draft is there; before that nothing can be typed that loading would then take back. */
	get isLoaded(): boolean {
		return this.#isLoaded;
	}

	get step(): Step {
		return STEPS[this.#draft.step] ?? 'summary';
	}

	get roll(): DraftRoll {
		return this.#roll;
	}

	get problems(): readonly DraftProblem[] {
		return this.#problems;
	}

	/** The file that the list of voters was read from, as long as nobody has changed it. */
	get file(): RollSource | undefined {
		return this.#file;
	}

	/** Why the chosen file was refused. The list is as it was. */
	get fileProblem(): string | undefined {
		return this.#fileProblem;
	}

	get canBringBack(): boolean {
		return this.#replaced !== undefined;
	}

	/** How many voters have their keys, while an election is being made. */
	get making(): { readonly done: number; readonly total: number } | undefined {
		return this.#making;
	}

	/** Why no election was made. */
	get failure(): ErrorCode | undefined {
		return this.#failure;
	}

	/** Why the draft is not kept. */
	get saveFailure(): ErrorCode | undefined {
		return this.#saveFailure;
	}

	/** The sentence to show at a field, if it is time to show one. */
	problemAt(place: DraftPlace): string | undefined {
		return this.#shown.includes(place) ? this.#problems.find((problem) => problem.place === place)?.text : undefined;
	}

	/** Loads the draft, unless this tab holds edits that are not kept yet. Never rejects. */
	async load(): Promise<void> {
		await this.#saving;
		const edits = this.#edits;
		this.#now = this.#desk.now();
		const stashed = this.#desk.stash.load();
		try {
			const stored = stashed ?? (await this.#desk.withWallet((wallet) => wallet.loadDraft()));
			if (this.#edits === edits && this.#savedEdits === edits && !this.#making) this.#draft = readDraft(stored);
		} catch (error) {
			this.#saveFailure = errorCode(error, 'storage-failed');
		}
		this.#isLoaded = true;
		if (stashed !== undefined) this.#keepSoon();
	}

	/** Changes a field as it is typed. */
	edit(place: DraftPlace, changes: Partial<Draft>): void {
		if (!this.#edited.includes(place)) this.#edited = [...this.#edited, place];
		if (changes.voters !== undefined) this.#file = this.#fileProblem = this.#replaced = undefined;
		this.#change(changes);
	}

	editContest(index: number, title: string): void {
		this.edit(`contest-${index}-title`, { contests: this.#contestsWith(index, (contest) => ({ ...contest, title })) });
	}

	editOption(index: number, option: number, text: string): void {
		const contests = this.#contestsWith(index, ({ title, options }) => ({
			title,
			options: options.with(option, text)
		}));
		this.edit(`contest-${index}-option-${option}`, { contests });
	}

	addContest(): void {
		this.#rearrange([...this.#draft.contests, emptyContest()]);
	}

	removeContest(index: number): void {
		this.#rearrange(this.#draft.contests.toSpliced(index, 1));
	}

	/** @param to index that the contest has afterwards */
	moveContest(index: number, to: number): void {
		this.#rearrange(moved(this.#draft.contests, index, to));
	}

	addOption(index: number): void {
		this.#rearrangeOptions(index, (options) => [...options, '']);
	}

	removeOption(index: number, option: number): void {
		this.#rearrangeOptions(index, (options) => options.toSpliced(option, 1));
	}

	moveOption(index: number, option: number, to: number): void {
		this.#rearrangeOptions(index, (options) => moved(options, option, to));
	}

	/** Puts the voters of a file in the place of the list; a file that is refused changes nothing. Never rejects. */
	async readFile(file: Pick<File, 'name' | 'slice'>): Promise<void> {
		this.#fileProblem = undefined;
		try {
			const bytes = await file.slice(0, MAX_ROLL_BYTES + 1).arrayBuffer();
			const { text, encoding } = decodeRoll(new Uint8Array(bytes));
			readRoll(text);
			const before = this.#draft.voters;
			this.edit('voters', { voters: text });
			this.#shown = [...this.#shown, 'voters'];
			this.#file = { name: file.name, encoding };
			if (before.trim() !== '' && before !== text) this.#replaced = before;
		} catch (error) {
			this.#fileProblem =
				error instanceof PollenError
					? error.message
					: 'This file could not be read. Choose it once more, or paste its text.';
		}
	}

	/** Puts the list back that a file took the place of. */
	bringBack(): void {
		if (this.#replaced !== undefined) this.edit('voters', { voters: this.#replaced });
	}

	/** Shows what is wrong with a field that is left; one that was never filled in is let be. */
	leave(place: DraftPlace): void {
		this.#now = this.#desk.now();
		const problem = this.#problems.find((candidate) => candidate.place === place);
		if (problem && (!problem.isGap || this.#edited.includes(place))) this.#shown = [...this.#shown, place];
	}

	/** Goes on to the next step; with something wrong in this one, shows it and gives its first place instead. */
	continue(): DraftPlace | undefined {
		const { step } = this;
		const first = this.#show((problem) => stepOf(problem.place) === step);
		if (first === undefined) this.goTo(STEPS[this.#draft.step + 1] ?? 'summary');
		return first;
	}

	/** Nothing has to be right for going back. */
	back(): void {
		this.#change({ step: Math.max(0, this.#draft.step - 1) });
	}

	goTo(step: Step): void {
		this.#failure = undefined;
		this.#change({ step: STEPS.indexOf(step) });
	}

	/**
	 * Makes the election and empties the form. Resolves with its ID; with a place when something there is wrong after all,
	 * whose step is then open; with undefined when it was stopped or failed, and `failure` says why. Never rejects.
	 */
	async create(): Promise<{ readonly electionId: ElectionId } | { readonly place: DraftPlace } | undefined> {
		if (this.#making) return undefined;
		const place = this.#show(() => true);
		if (place !== undefined || 'refusal' in this.#roll) {
			this.goTo(stepOf(place ?? 'voters'));
			return { place: place ?? 'voters' };
		}
		this.#failure = undefined;
		const plan = planOf(this.#draft, this.#roll.reading);
		this.#making = { done: 0, total: plan.voters.length };
		this.#abort = new AbortController();
		const onProgress = (done: number, total: number) => (this.#making = { done, total });
		try {
			const electionId = await this.#desk.createElection(plan, onProgress, this.#abort.signal);
			await this.#forget();
			return { electionId };
		} catch (error) {
			if (!(error instanceof PollenError)) reportError(error);
			const code = errorCode(error, 'worker-failed');
			this.#failure = code === 'aborted' ? undefined : code;
			return undefined;
		} finally {
			this.#making = undefined;
		}
	}

	/** Stops making the election. Nothing of it is kept, and the form is as it was. */
	cancel(): void {
		this.#abort?.abort();
	}

	/** Empties the whole form. */
	async startOver(): Promise<void> {
		await this.#forget();
	}

	/** Keeps the draft as it is now. Never rejects. */
	save(): Promise<void> {
		clearTimeout(this.#timer);
		this.#saving ??= this.#saveWhileStale().finally(() => {
			this.#saving = undefined;
		});
		return this.#saving;
	}

	/** For when the page goes away or out of sight: nothing that was typed may be lost. */
	hide(): void {
		if (this.#savedEdits === this.#edits) return;
		this.#desk.stash.save(this.#draft);
		void this.save();
	}

	#contestsWith(index: number, change: (contest: DraftContest) => DraftContest): DraftContest[] {
		return this.#draft.contests.map((contest, at) => (at === index ? change(contest) : contest));
	}

	#rearrangeOptions(index: number, change: (options: readonly string[]) => string[]): void {
		this.#rearrange(this.#contestsWith(index, ({ title, options }) => ({ title, options: change(options) })));
	}

	/** Places name contests and options by their number, and those have changed. */
	#rearrange(contests: readonly DraftContest[]): void {
		const isElsewhere = (place: DraftPlace) => !place.startsWith('contest-');
		this.#shown = this.#shown.filter(isElsewhere);
		this.#edited = this.#edited.filter(isElsewhere);
		this.#change({ contests });
	}

	#change(changes: Partial<Draft>): void {
		this.#draft = { ...this.#draft, ...changes };
		this.#keepSoon();
	}

	#keepSoon(): void {
		this.#edits += 1;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.save(), SAVE_DELAY_MS);
	}

	/** Shows the problems that are meant, judged by the time now, and gives the place of the first. */
	#show(isMeant: (problem: DraftProblem) => boolean): DraftPlace | undefined {
		this.#now = this.#desk.now();
		const places = this.#problems.filter(isMeant).map(({ place }) => place);
		this.#shown = [...this.#shown, ...places];
		return places[0];
	}

	async #saveWhileStale(): Promise<void> {
		while (this.#savedEdits !== this.#edits) {
			const edits = this.#edits;
			const draft = this.#draft;
			try {
				await this.#desk.withWallet((wallet) => wallet.saveDraft(draft));
			} catch (error) {
				this.#saveFailure = errorCode(error, 'storage-failed');
				return;
			}
			this.#saveFailure = undefined;
			this.#savedEdits = edits;
		}
		this.#desk.stash.clear();
	}

	/** Empties the form, here and in the wallet. A draft that stays there for lack of storage does no harm. */
	async #forget(): Promise<void> {
		clearTimeout(this.#timer);
		this.#draft = emptyDraft();
		this.#shown = this.#edited = [];
		this.#file = this.#fileProblem = this.#replaced = this.#failure = undefined;
		this.#savedEdits = ++this.#edits;
		await this.#saving;
		this.#desk.stash.clear();
		await this.#desk.withWallet((wallet) => wallet.deleteDraft()).catch(() => undefined);
	}
}

function moved<T>(items: readonly T[], from: number, to: number): T[] {
	const item = items[from];
	if (item === undefined || to < 0 || to >= items.length) return [...items];
	return items.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** One form a tab. The wallet and the keys are loaded when they are needed, as the session loads the node. */
export const newElection = new NewElection({
	async withWallet(task) {
		return (await import('../node/walletAccess')).withWallet(task);
	},
	async createElection(plan, onProgress, signal) {
		checkSecureContext();
		return (await import('../node/boot')).createElection(plan, onProgress, signal);
	},
	stash: tabStash,
	now: () => Date.now()
});
