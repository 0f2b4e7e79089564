import type { TransactionId } from '../bytes/hash';
import { transactionFromJson, type TransactionJson } from '../election/json';
import { ElectionState } from '../election/state';
import { resultsOf } from '../election/tally';
import { transactionId } from '../election/transaction';
import type { WorkHash } from '../mining/port';
import type { ProofVerifier } from '../proofs/port';
import type { AuditedBlock } from './auditedBlock';
import { CheckRun } from './checkRun';
import { checkBlockWork } from './checks/checkBlockWork';
import { checkDifficulty } from './checks/checkDifficulty';
import { checkElectionId } from './checks/checkElectionId';
import { checkLinks } from './checks/checkLinks';
import { checkMerkleRoots } from './checks/checkMerkleRoots';
import { checkNullifiers } from './checks/checkNullifiers';
import { checkPhases } from './checks/checkPhases';
import { checkProofs } from './checks/checkProofs';
import { checkSignatures, isSignedKind, type Placed } from './checks/checkSignatures';
import { checkTally, linesOf } from './checks/checkTally';
import { findFrozenGroup } from './frozenGroup';
import { Pace } from './pace';
import { whereIs } from './problem';
import { electionIdsOf } from './proofContext';
import type { ElectionRecord } from './record';
import type { AuditOptions, AuditReport, CheckName, CheckResult } from './report';

export interface AuditTools {
	/** Opened with `proofContextOf(record)`. */
	readonly verifier: ProofVerifier;
	readonly workHash: WorkHash;
	/** Ms since the epoch. */
	readonly now: number;
}

/**
 * Checks everything that a record says, from nothing but the record. Goes on after a problem, so that the first of each kind
 * is found; a transaction that breaks a rule is left out of what follows, as every node would leave it out.
 *
 * Rejects with `aborted` when the signal fires, bad-record and bad-definition when the record has not the form that
 * `parseRecord` makes sure of, and whatever the tools reject with, which is no verdict about the record.
 */
export async function auditRecord(
	record: ElectionRecord,
	{ verifier, workHash, now }: AuditTools,
	{ onProgress, signal }: AuditOptions = {}
): Promise<AuditReport> {
	const { election } = record;
	const pace = new Pace(signal);
	const checks: CheckResult[] = [];
	async function check<T>(name: CheckName, total: number, body: (run: CheckRun) => Promise<T>): Promise<T> {
		const run = new CheckRun(name, total, checks, pace, onProgress);
		const outcome = await body(run);
		checks.push(run.result);
		return outcome;
	}

	const ids = electionIdsOf(record);
	const electionId = ids.judged;
	const tools = { election, electionId, verifier, signal };
	await check('election-id', 1, (run) => checkElectionId(run, ids));
	const blocks = await check('links', record.blocks.length, (run) => checkLinks(run, record.blocks, workHash));
	await check('work', blocks.length - 1, (run) => checkBlockWork(run, blocks));
	await check('difficulty', blocks.length - 1, (run) => checkDifficulty(run, blocks, election, now));
	await check('merkle-roots', blocks.length, (run) => checkMerkleRoots(run, blocks, election));

	const recorded = blocks.flatMap(placedIn);
	const otherClosings = record.otherClosings.map(placedOutside);
	const ballots = recorded.filter(({ transaction }) => transaction.kind === 'ballot');
	const signable = [...recorded.filter(({ transaction }) => isSignedKind(transaction)), ...otherClosings];
	const signed = await check('signatures', signable.length, (run) => checkSignatures(run, signable, tools));
	const { proven, isRootOf } = await check('proofs', ballots.length, async (run) => {
		const { groupRoot, isRootOf } = await findFrozenGroup(run, blocks, signed, tools);
		return { proven: await checkProofs(run, ballots, groupRoot, tools), isRootOf };
	});
	await check('nullifiers', ballots.length, (run) => checkNullifiers(run, ballots));

	const state = new ElectionState(election, electionId);
	const evidence = {
		isProven: (id: TransactionId) => proven.has(id),
		isSigned: (id: TransactionId) => signed.has(id),
		isRootOf
	};
	await check('phases', recorded.length, (run) => checkPhases(run, blocks, state, evidence));
	const results = resultsOf(state);
	await check('tally', linesOf(results).length, (run) => checkTally(run, record.results, results));
	return {
		valid: checks.every(({ wrong }) => wrong === 0),
		checks,
		blocks: blocks.length,
		results,
		isClosed: state.isClosed,
		otherClosings: record.otherClosings.filter(
			(closing, index) => signed.has((otherClosings[index] as Placed).id) && contradicts(closing, state)
		)
	};
}

function placedIn(audited: AuditedBlock): Placed[] {
	// The genesis holds none; if a record puts some there, the Merkle root is wrong, and they count for nothing.
	if (audited.height === 0) return [];
	return audited.transactions.map((transaction) => ({ ...transaction, where: whereIs(audited, transaction) }));
}

function placedOutside(json: TransactionJson): Placed {
	const transaction = transactionFromJson(json);
	const id = transactionId(transaction);
	return { transaction, id, statedId: json.id, where: { transactionId: json.id } };
}

function contradicts(closing: TransactionJson, { closing: onChain }: ElectionState): boolean {
	return (
		closing.kind === 'closing' &&
		(closing.height !== onChain?.countedHeight || closing.blockHash !== onChain.countedHash)
	);
}
