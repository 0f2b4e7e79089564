import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ElectionRecord } from '../audit/record';
import { CHECKS, type AuditOptions, type AuditReport, type CheckName, type CheckResult } from '../audit/report';
import type { ElectionId } from '../bytes/hash';
import { PollenError } from '../errors/pollenError';
import type { PollenNode } from '../node/api';
import { AuditDesk, type Auditor } from './auditDesk.svelte';

const ID = 'e'.repeat(64) as ElectionId;
const RECORD = { electionId: ID, election: { title: 'Club' } } as ElectionRecord;
const FILE = { name: 'record.json', text: () => Promise.resolve('{}') };

function result(check: CheckName, wrong = 0): CheckResult {
	const problem = wrong === 0 ? undefined : { code: 'bad-proof' as const, message: 'no', height: 3 };
	return { check, count: 5, wrong, problem };
}

function reportOf(wrongCheck?: CheckName): AuditReport {
	const checks = CHECKS.map((check) => result(check, check === wrongCheck ? 2 : 0));
	return { valid: wrongCheck === undefined, checks } as unknown as AuditReport;
}

/** An auditor whose audits wait until the test ends them. */
function setUp() {
	const audits: { options: AuditOptions; end: (report: AuditReport) => void; fail: (error: unknown) => void }[] = [];
	const auditor = {
		parse: vi.fn<Auditor['parse']>(() => Promise.resolve(RECORD)),
		audit: vi.fn<Auditor['audit']>((_, options) => new Promise((end, fail) => audits.push({ options, end, fail })))
	};
	const desk = new AuditDesk(auditor);
	const audit = async (index = 0) => {
		await expect.poll(() => audits.length).toBeGreaterThan(index);
		return audits[index]!;
	};
	return { desk, auditor, audit };
}

describe('AuditDesk', () => {
	let reported: ReturnType<typeof vi.fn>;
	beforeEach(() => vi.stubGlobal('reportError', (reported = vi.fn())));
	afterEach(() => vi.unstubAllGlobals());

	it('shows every check on its way from waiting to its verdict', async () => {
		const { desk, audit } = setUp();
		expect(desk).toMatchObject({ stage: 'idle', checks: [], share: 0 });
		const verifying = desk.verifyFile(FILE);
		expect(desk.stage).toBe('reading');
		const { options, end } = await audit();
		expect(desk.subject).toEqual({ electionId: ID, title: 'Club', fileName: 'record.json' });
		options.onProgress?.({
			check: 'work',
			done: 3,
			total: 6,
			finished: [result('election-id'), result('links', 1)]
		});
		expect(desk.stage).toBe('running');
		expect(desk.checks.map(({ state }) => state).slice(0, 4)).toEqual(['passed', 'failed', 'running', 'waiting']);
		expect(desk.checks[2]).toMatchObject({ check: 'work', count: 3 });
		expect(desk.share).toBeCloseTo(0.25);
		end(reportOf('proofs'));
		await verifying;
		expect(desk).toMatchObject({ stage: 'done', share: 1, report: { valid: false }, refusal: undefined });
		expect(desk.checks.map(({ check }) => check)).toEqual(CHECKS);
		expect(desk.checks.find(({ check }) => check === 'proofs')).toMatchObject({
			state: 'failed',
			wrong: 2,
			problem: { code: 'bad-proof', height: 3 }
		});
	});

	it.each(['bad-record', 'artifact-unreachable'] as const)('says why nothing was verified: %s', async (code) => {
		const { desk, auditor } = setUp();
		auditor.parse.mockRejectedValue(new PollenError(code, 'what is wrong'));
		await desk.verifyFile(FILE);
		expect(desk).toMatchObject({ stage: 'idle', refusal: { code, message: 'what is wrong' }, checks: [] });
		expect(auditor.audit).not.toHaveBeenCalled();
		expect(reported).not.toHaveBeenCalled();
	});

	it('takes a file that cannot be read for no record', async () => {
		const { desk } = setUp();
		await desk.verifyFile({ name: 'folder', text: () => Promise.reject(new DOMException('no', 'NotReadableError')) });
		expect(desk.refusal?.code).toBe('bad-record');
	});

	it('reports a fault of its own', async () => {
		const { desk, auditor } = setUp();
		auditor.audit.mockRejectedValue(new TypeError('oops'));
		await desk.verifyFile(FILE);
		expect(desk.refusal?.code).toBe('worker-failed');
		expect(reported).toHaveBeenCalledTimes(1);
	});

	it('can be stopped, and keeps what was found until then', async () => {
		const { desk, audit } = setUp();
		const verifying = desk.verifyFile(FILE);
		const { options, fail } = await audit();
		options.onProgress?.({ check: 'links', done: 0, total: 6, finished: [result('election-id')] });
		desk.stop();
		expect(options.signal?.aborted).toBe(true);
		fail(new PollenError('aborted'));
		await verifying;
		expect(desk).toMatchObject({ stage: 'stopped', refusal: undefined, report: undefined });
		expect(desk.checks.map(({ state }) => state).slice(0, 3)).toEqual(['passed', 'waiting', 'waiting']);
	});

	it('reads no further once it was stopped', async () => {
		const { desk, auditor } = setUp();
		let read: (record: ElectionRecord) => void = () => undefined;
		auditor.parse.mockReturnValue(new Promise((resolve) => (read = resolve)));
		const verifying = desk.verifyFile(FILE);
		desk.stop();
		read(RECORD);
		await verifying;
		expect(desk.stage).toBe('stopped');
		expect(auditor.audit).not.toHaveBeenCalled();
	});

	it('ends one audit for the next, whatever the first still says', async () => {
		const { desk, audit } = setUp();
		const first = desk.verifyFile(FILE);
		const old = await audit();
		const second = desk.verifyFile({ ...FILE, name: 'other.json' });
		expect(old.options.signal?.aborted).toBe(true);
		const current = await audit(1);
		old.options.onProgress?.({ check: 'tally', done: 1, total: 1, finished: [] });
		expect(desk.checks).toEqual([]);
		old.fail(new PollenError('aborted'));
		await first;
		expect(desk).toMatchObject({ stage: 'running', subject: { fileName: 'other.json' } });
		current.end(reportOf());
		await second;
		expect(desk.report?.valid).toBe(true);
	});

	it('verifies the election that is open', async () => {
		const { desk } = setUp();
		const node = {
			electionId: ID,
			election: { title: 'Open one' },
			audit: () => Promise.resolve(reportOf())
		} as unknown as PollenNode;
		await desk.verifyNode(node);
		expect(desk).toMatchObject({ stage: 'done', subject: { title: 'Open one', fileName: undefined } });
	});
});
