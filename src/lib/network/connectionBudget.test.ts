import { describe, expect, test } from 'vitest';
import { ConnectionBudget } from './connectionBudget';
import { DIALS, OFFERS, OFFERS_OF_ONE, REFUSALS, RESERVED_DIALS } from './limits';
import { TokenBucket } from './tokenBucket';

/** What a page of Chromium can make, see limits.ts. */
const BROWSER_LIMIT = 500;

function setUp() {
	const time = { ms: 1_000 };
	return { time, budget: new ConnectionBudget(() => time.ms) };
}

/** How often in a row this is allowed. */
function count(isAllowed: () => boolean): number {
	let allowed = 0;
	while (allowed < 10_000 && isAllowed()) allowed++;
	return allowed;
}

describe('TokenBucket', () => {
	test('allows a burst, then one at a time, and never saves up more than the burst', () => {
		let ms = 0;
		const bucket = new TokenBucket({ burst: 3, everyMs: 100 }, () => ms);
		expect(count(() => bucket.take())).toBe(3);
		ms = 99;
		expect(bucket.take()).toBe(false);
		ms = 100;
		expect(count(() => bucket.take())).toBe(1);
		ms = 100_000;
		expect(count(() => bucket.take(1))).toBe(2);
		expect(bucket.take()).toBe(true);
	});
});

describe('ConnectionBudget', () => {
	test('what the node dials by itself leaves a reserve for the user', () => {
		const { budget } = setUp();
		expect(count(() => budget.takeDial(true))).toBe(DIALS.burst - RESERVED_DIALS);
		expect(count(() => budget.takeDial(false))).toBe(RESERVED_DIALS);
	});

	test('a flood of offers from one peer or from many ends soon, and leaves the dials alone', () => {
		const { budget, time } = setUp();
		expect(count(() => budget.takeOffer('p1'))).toBe(OFFERS_OF_ONE.burst);
		let next = 0;
		expect(count(() => budget.takeOffer(`q${next++}`))).toBe(OFFERS.burst - OFFERS_OF_ONE.burst);
		expect(budget.takeDial(true)).toBe(true);
		time.ms += OFFERS.everyMs;
		expect(count(() => budget.takeOffer(`q${next++}`))).toBe(1);
		expect(count(() => budget.takeRefusal())).toBe(REFUSALS.burst);
	});

	test('under any flood a page stays below what the browser makes for an hour and a half', () => {
		const { budget, time } = setUp();
		const everything = () =>
			[0, 1, 2].filter((i) => (i === 0 ? budget.takeOffer(`${time.ms}`) : budget.takeDial(i > 1)));
		let made = 0;
		for (let minute = 0; minute < 80; minute++, time.ms += 60_000) {
			for (let taken = everything(); taken.length > 0; taken = everything()) made += taken.length;
		}
		expect(made).toBeLessThan(BROWSER_LIMIT);
	});
});
