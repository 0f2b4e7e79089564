import type { Results } from '../../election/tally';
import type { CheckRun } from '../checkRun';
import { ensure, problemOf } from '../problem';

type Line = readonly [path: string, value: string | number];

/** The stated result is what the ballots add up to, line by line. */
export async function checkTally(run: CheckRun, stated: Results, recounted: Results): Promise<void> {
	const left = new Map(linesOf(stated));
	for (const [path, value] of linesOf(recounted)) {
		const claim = left.get(path);
		left.delete(path);
		await run.count(
			problemOf({}, () => ensure(claim === value, 'bad-record', `${path} is ${value}, the record says ${claim}`))
		);
	}
	for (const [path, claim] of left) {
		await run.count(
			problemOf({}, () => ensure(false, 'bad-record', `${path} does not exist, the record says ${claim}`))
		);
	}
}

export function linesOf({ contests, ballots, eligible, enrolled }: Results): Line[] {
	return [
		...contests.flatMap(({ title, options }, c): Line[] => [
			[`contests.${c}.title`, title],
			...options.flatMap((option, o): Line[] => [
				[`contests.${c}.options.${o}.title`, option.title],
				[`contests.${c}.options.${o}.votes`, option.votes]
			])
		]),
		['ballots', ballots],
		['eligible', eligible],
		['enrolled', enrolled]
	];
}
