import { describe, expect, it, vi } from 'vitest';
import { PollenError } from '../errors/pollenError';
import type { PollenNode, VoterStatus, VoterStep } from '../node/api';
import { VoterDesk } from './voterDesk.svelte';

/** A well-formed code, as it is printed and as it is asked with. */
const CODE = 'DEBY-XWSM-4WBN-CJEY';
const BARE = 'DEBYXWSM4WBNCJEY';
const ADA = { voterId: 'ADA', code: CODE };

function setUp(first: VoterStep = 'enrol') {
	let step = first;
	const node = {
		voterStatus: vi.fn<PollenNode['voterStatus']>(({ voterId }) => Promise.resolve({ voterId, step })),
		enrol: vi.fn<PollenNode['enrol']>(() => Promise.resolve())
	};
	return { node, desk: new VoterDesk(node), becomes: (next: VoterStep) => (step = next) };
}

/** A promise, and what settles it. */
function held<T>() {
	let settle: (value: T) => void = () => {};
	const promise = new Promise<T>((resolve) => (settle = resolve));
	return { promise, settle };
}

describe('VoterDesk', () => {
	it('greets an invited voter with what they can do', async () => {
		const { node, desk } = setUp('wait');
		await desk.invite({ voterId: 'ADA', code: BARE });
		expect(desk.code, 'as it is printed').toBe(CODE);
		expect(node.voterStatus).toHaveBeenCalledExactlyOnceWith({ voterId: 'ADA', code: BARE });
		expect(desk.voter).toEqual({ voterId: 'ADA', code: BARE });
		expect(desk.status?.step).toBe('wait');
	});

	it.each([
		['', CODE, 'voterId', 'no-voter-id'],
		['ADA', ' ', 'code', 'no-code'],
		['ADA', 'DEBY-XWSM-4WBN-CJEZ', 'code', 'mistyped-code'],
		['ADA', 'DEBY-XWSM-4WBN', 'code', 'mistyped-code'],
		['ADA', 'please', 'code', 'mistyped-code']
	] as const)('refuses "%s" with "%s" before it asks anything of the node', async (voterId, code, at, problem) => {
		const { node, desk } = setUp();
		desk.voterId = voterId;
		desk.code = code;
		await desk.identify();
		expect(desk.problem).toEqual({ at, code: problem });
		expect(desk.voter).toBeUndefined();
		expect(node.voterStatus).not.toHaveBeenCalled();
	});

	it.each([
		['unknown-voter', 'voterId'],
		['wrong-code', 'code'],
		['storage-failed', 'step']
	] as const)('knows nobody after %s, and keeps what was typed', async (code, at) => {
		const { node, desk } = setUp();
		node.voterStatus.mockRejectedValue(new PollenError(code));
		await desk.invite(ADA);
		expect(desk).toMatchObject({ voter: undefined, status: undefined, voterId: 'ADA', code: CODE });
		expect(desk.problem).toEqual({ at, code });
		desk.code = '';
		expect(desk.problem).toBeUndefined();
	});

	it('takes up an invitation once, and another one at any time', async () => {
		const { node, desk } = setUp();
		await desk.invite(ADA);
		await desk.invite({ ...ADA });
		expect(node.voterStatus).toHaveBeenCalledTimes(1);
		desk.forget();
		await desk.invite({ ...ADA });
		expect(desk, 'put aside').toMatchObject({ voter: undefined, isInvited: false });
		await desk.invite({ voterId: 'BEN', code: CODE });
		expect(desk).toMatchObject({ voter: { voterId: 'BEN' }, isInvited: true });
	});

	it('goes by the newest invitation, whichever answer comes first', async () => {
		const { node, desk } = setUp();
		const answer = held<VoterStatus>();
		node.voterStatus.mockReturnValueOnce(answer.promise);
		const first = desk.invite(ADA);
		expect(desk.isAsking).toBe(true);
		await desk.invite({ voterId: 'BEN', code: CODE });
		answer.settle({ voterId: 'ADA', step: 'vote' });
		await first;
		expect(desk).toMatchObject({ isAsking: false, voter: { voterId: 'BEN' }, status: { voterId: 'BEN' } });
	});

	it('enrols, and says what comes after it', async () => {
		const { node, desk, becomes } = setUp();
		await desk.invite(ADA);
		node.enrol.mockImplementation(() => Promise.resolve(void becomes('enrolling')));
		const enrolling = [desk.enrol(), desk.enrol()];
		expect(desk.isEnrolling).toBe(true);
		await Promise.all(enrolling);
		expect(node.enrol).toHaveBeenCalledExactlyOnceWith({ voterId: 'ADA', code: BARE });
		expect(desk).toMatchObject({ isEnrolling: false, problem: undefined, status: { step: 'enrolling' } });
	});

	it('says why enrolment was refused, and looks again at how things stand', async () => {
		const { node, desk, becomes } = setUp();
		await desk.invite(ADA);
		becomes('enrolled-elsewhere');
		node.enrol.mockRejectedValue(new PollenError('enrolled-elsewhere'));
		await desk.enrol();
		expect(desk.problem).toEqual({ at: 'step', code: 'enrolled-elsewhere' });
		expect(desk.status?.step).toBe('enrolled-elsewhere');
	});

	it('enrols nobody when it knows nobody', async () => {
		const { node, desk } = setUp();
		await desk.enrol();
		await desk.refresh();
		expect(node.enrol).not.toHaveBeenCalled();
		expect(node.voterStatus).not.toHaveBeenCalled();
	});

	it('notices that the poll opened for who was waiting, and only for them', async () => {
		const { desk, becomes } = setUp('wait');
		await desk.invite(ADA);
		expect(desk.hasOpened).toBe(false);
		becomes('vote');
		await desk.refresh();
		expect(desk).toMatchObject({ hasOpened: true, status: { step: 'vote' } });
		await desk.refresh();
		expect(desk.hasOpened, 'still').toBe(true);
		await desk.invite({ voterId: 'BEN', code: CODE });
		expect(desk.hasOpened, 'somebody else came when it was open').toBe(false);
	});

	it('asks once more for any number of changes meanwhile', async () => {
		const { node, desk } = setUp('wait');
		await desk.invite(ADA);
		const answer = held<VoterStatus>();
		node.voterStatus.mockReturnValueOnce(answer.promise);
		const refreshing = [desk.refresh(), desk.refresh(), desk.refresh()];
		answer.settle({ voterId: 'ADA', step: 'wait' });
		await Promise.all(refreshing);
		expect(node.voterStatus).toHaveBeenCalledTimes(3);
	});

	it('forgets an answer about somebody who was put aside meanwhile', async () => {
		const { node, desk } = setUp('wait');
		await desk.invite(ADA);
		const answer = held<VoterStatus>();
		node.voterStatus.mockReturnValueOnce(answer.promise);
		const refreshing = desk.refresh();
		desk.forget();
		answer.settle({ voterId: 'ADA', step: 'vote' });
		await refreshing;
		expect(desk).toMatchObject({ voter: undefined, status: undefined, hasOpened: false, voterId: '', code: '' });
	});
});
