import type { ElectionId } from '../bytes/hash';
import type { ElectionRecord } from '../audit/record';
import {
	CHECKS,
	type AuditOptions,
	type AuditProblem,
	type AuditProgress,
	type AuditReport,
	type CheckName,
	type CheckResult
} from '../audit/report';
import { PollenError, type ErrorCode } from '../errors/pollenError';
import type { PollenNode } from '../node/api';
import { pageBaseUrl } from './pageAddress';
import { checkSecureContext } from './session.svelte';

/** What is verified. */
export interface AuditSubject {
	readonly electionId: ElectionId;
	readonly title: string;
	/** Undefined for the election that is open in this tab. */
	readonly fileName: string | undefined;
}

/** One check as far as it has come. */
export interface CheckView {
	readonly check: CheckName;
	readonly state: 'waiting' | 'running' | 'passed' | 'failed';
	/** Things checked, and how many of them are wrong; of a check that runs, what is done so far. */
	readonly count: number;
	readonly wrong: number;
	readonly problem: AuditProblem | undefined;
}

/** Why nothing could be verified. */
export interface AuditRefusal {
	readonly code: ErrorCode;
	/** In English, for who wants to know more. */
	readonly message: string;
}

/** What reads and judges records. Both reject with a `PollenError`. */
export interface Auditor {
	parse(text: string): Promise<ElectionRecord>;
	audit(record: ElectionRecord, options: AuditOptions): Promise<AuditReport>;
}

/** Everything that an audit needs is loaded when there is something to audit. */
const AUDITOR: Auditor = {
	async parse(text) {
		checkSecureContext();
		return (await import('../audit/record')).parseRecord(text);
	},
	async audit(record, options) {
		return await (await import('../node/boot')).auditFile(record, pageBaseUrl(), options);
	}
};

/** Verifies one record after the other; a new one ends the one before. */
export class AuditDesk {
	readonly #auditor: Auditor;
	#subject: AuditSubject | undefined = $state.raw();
	#progress: AuditProgress | undefined = $state.raw();
	#report: AuditReport | undefined = $state.raw();
	#refusal: AuditRefusal | undefined = $state.raw();
	#stage: 'idle' | 'reading' | 'running' | 'stopped' | 'done' = $state('idle');
	#running: AbortController | undefined;

	constructor(auditor: Auditor = AUDITOR) {
		this.#auditor = auditor;
	}

	get subject(): AuditSubject | undefined {
		return this.#subject;
	}

	get stage(): 'idle' | 'reading' | 'running' | 'stopped' | 'done' {
		return this.#stage;
	}

	/** Set when the stage is 'done'. */
	get report(): AuditReport | undefined {
		return this.#report;
	}

	get refusal(): AuditRefusal | undefined {
		return this.#refusal;
	}

	get progress(): AuditProgress | undefined {
		return this.#progress;
	}

	/** How much of all checks is done, 0 to 1; each check counts the same. */
	get share(): number {
		if (this.#report) return 1;
		if (!this.#progress) return 0;
		const { finished, done, total } = this.#progress;
		return (finished.length + (total === 0 ? 0 : done / total)) / CHECKS.length;
	}

	/** All checks in the order in which they are made; none before the first. */
	get checks(): readonly CheckView[] {
		const progress = this.#progress;
		const finished = this.#report?.checks ?? progress?.finished;
		if (!finished) return [];
		const isRunning = this.#stage === 'running';
		return CHECKS.map((check) => {
			const result = finished.find((candidate) => candidate.check === check);
			if (result) return viewOf(result);
			const isNow = isRunning && progress?.check === check;
			const count = isNow ? progress.done : 0;
			return { check, state: isNow ? 'running' : 'waiting', count, wrong: 0, problem: undefined };
		});
	}

	/** Reads and verifies a downloaded record. Never rejects. */
	async verifyFile(file: Pick<File, 'name' | 'text'>): Promise<void> {
		await this.#verify(async (options) => {
			const record = await this.#auditor.parse(await textOf(file));
			if (options.signal.aborted) throw new PollenError('aborted');
			this.#subject = { electionId: record.electionId, title: record.election.title, fileName: file.name };
			this.#stage = 'running';
			return await this.#auditor.audit(record, options);
		});
	}

	/** Verifies what the node of this tab holds. Never rejects. */
	async verifyNode(node: Pick<PollenNode, 'audit' | 'electionId' | 'election'>): Promise<void> {
		await this.#verify(async (options) => {
			this.#subject = { electionId: node.electionId, title: node.election.title, fileName: undefined };
			this.#stage = 'running';
			return await node.audit(options);
		});
	}

	/** Ends what is running; what was found until then stays. */
	stop(): void {
		if (!this.#running) return;
		this.#running.abort();
		this.#running = undefined;
		this.#stage = 'stopped';
	}

	async #verify(audit: (options: AuditOptions & { signal: AbortSignal }) => Promise<AuditReport>): Promise<void> {
		this.#running?.abort();
		const running = (this.#running = new AbortController());
		this.#subject = this.#progress = this.#report = this.#refusal = undefined;
		this.#stage = 'reading';
		const isCurrent = () => this.#running === running;
		const onProgress = (progress: AuditProgress) => {
			if (isCurrent()) this.#progress = progress;
		};
		try {
			const report = await audit({ onProgress, signal: running.signal });
			if (!isCurrent()) return;
			this.#report = report;
			this.#stage = 'done';
		} catch (error) {
			if (!isCurrent()) return;
			if (!(error instanceof PollenError)) reportError(error);
			this.#refusal = refusalOf(error);
			this.#stage = 'idle';
		}
		this.#running = undefined;
	}
}

function viewOf({ check, count, wrong, problem }: CheckResult): CheckView {
	return { check, state: wrong === 0 ? 'passed' : 'failed', count, wrong, problem };
}

/** A file that cannot be read, or is longer than a text can be, is no record. */
async function textOf(file: Pick<File, 'text'>): Promise<string> {
	try {
		return await file.text();
	} catch (cause) {
		throw new PollenError('bad-record', 'the file cannot be read', { cause });
	}
}

function refusalOf(error: unknown): AuditRefusal {
	return error instanceof PollenError
		? { code: error.code, message: error.message }
		: { code: 'worker-failed', message: String(error) };
}
