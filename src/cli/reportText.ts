import type { AuditProblem, AuditReport, CheckName, CheckResult } from '../lib/audit/report';

const NAMES: Readonly<Record<CheckName, string>> = {
	'election-id': 'election ID',
	links: 'links',
	work: 'work',
	difficulty: 'difficulty',
	'merkle-roots': 'Merkle roots',
	signatures: 'signatures',
	proofs: 'proofs',
	nullifiers: 'nullifiers',
	phases: 'phases',
	tally: 'tally'
};

const NAME_WIDTH = Math.max(...Object.values(NAMES).map((name) => name.length));

/** "✓ proofs        12 of 12", or "✗ proofs        1 of 12 wrong: block 7 (625b95ae…), transaction …: bad-proof, …". */
export function checkLine({ check, count, wrong, problem }: CheckResult): string {
	const name = NAMES[check].padEnd(NAME_WIDTH);
	if (!problem) return `✓ ${name}  ${count} of ${count}`;
	return `✗ ${name}  ${wrong} of ${count} wrong: ${problemText(problem)}`;
}

function problemText({ code, message, height, blockHash, transactionId }: AuditProblem): string {
	const places = [
		height === undefined ? undefined : `block ${height} (${blockHash ?? ''})`,
		transactionId === undefined ? undefined : `transaction ${transactionId}`
	].filter((place) => place !== undefined);
	return [places.join(', '), `${code}, ${message}`].filter((part) => part !== '').join(': ');
}

/** What the election came to: the result of each contest, and whether it is final. */
export function outcomeLines({ results, isClosed, otherClosings, valid }: AuditReport): string[] {
	return [
		...results.contests.flatMap(({ title, options }) => [
			title,
			...options.map((option) => `  ${String(option.votes).padStart(7)}  ${option.title}`),
			''
		]),
		`${results.ballots} ballots of ${results.eligible} voters on the roll, ${results.enrolled} of them enrolled.`,
		isClosed
			? 'Closed by the organiser: the result is final.'
			: 'Not closed by the organiser: the result can still change.',
		...otherClosings.map(({ id }) => `The organiser has signed another closing, too, which names another block: ${id}`),
		'',
		valid ? 'Every check passed.' : 'This record does not hold.'
	];
}
