import type { Pace } from './pace';
import type { AuditOptions, AuditProblem, CheckName, CheckResult } from './report';

/** One check while it runs: counts what was checked and what is wrong, and keeps the first problem. */
export class CheckRun {
	#count = 0;
	#wrong = 0;
	#problem: AuditProblem | undefined;

	/**
	 * @param total things to check
	 * @param finished the checks before this one
	 */
	constructor(
		private readonly check: CheckName,
		private readonly total: number,
		private readonly finished: readonly CheckResult[],
		private readonly pace: Pace,
		private readonly onProgress: AuditOptions['onProgress']
	) {
		this.#report();
	}

	get result(): CheckResult {
		return { check: this.check, count: this.#count, wrong: this.#wrong, problem: this.#problem };
	}

	/** Counts one thing as checked. Rejects with `aborted`. */
	async count(problem: AuditProblem | undefined): Promise<void> {
		this.#count += 1;
		if (problem) {
			this.#wrong += 1;
			this.#problem ??= problem;
		}
		await this.breathe();
	}

	/** For work between two things that are counted. Rejects with `aborted`. */
	async breathe(): Promise<void> {
		if (await this.pace.breathe()) this.#report();
	}

	#report(): void {
		const { check, total, finished } = this;
		this.onProgress?.({ check, done: this.#count, total, finished: [...finished] });
	}
}
