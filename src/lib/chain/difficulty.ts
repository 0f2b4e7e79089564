import { PollenError } from '../errors/pollenError';
import type { Header } from './header';

export interface DifficultyRules {
	/** The time between blocks that difficulty aims at, in milliseconds; a positive integer. */
	readonly blockInterval: number;
	/** Hashes a block is expected to take at least, and does take at the start; a positive integer. */
	readonly initialDifficulty: number;
}

/** N of WTEMA: about this many blocks carry a change of hash rate into the target. */
export const WINDOW = 20;

const MAX_HASH = 2n ** 256n - 1n;

/**
 * The easiest target that an election allows: min(2^256 - 1, floor(2^256 / initialDifficulty)).
 * @throws PollenError bad-definition when initialDifficulty is not a positive integer
 */
export function maxTargetOf(initialDifficulty: number): bigint {
	requirePositive(initialDifficulty, 'initialDifficulty');
	return clamp(2n ** 256n / BigInt(initialDifficulty), 1n, MAX_HASH);
}

/**
 * The target that the child of `parent` must state: WTEMA (weighted-target exponential moving average) in integers,
 * `clamp(floor(target · (T·N + t − T) / (T·N)), 1, maxTarget)`, T the block interval, t the parent's own solve time.
 *
 * It follows from headers that exist already, so that a miner cannot choose its target by its timestamp. Why WTEMA and
 * not an absolute schedule such as ASERT: mining here rests while nothing is pending, and after an idle night a
 * schedule stays at the floor for hours, while WTEMA answers one long solve time and is back within about N·ln(ratio)
 * blocks.
 *
 * @param grandparent the parent's parent; undefined only when the parent is the genesis, whose target then carries over
 * @throws PollenError bad-definition when the rules are not positive integers
 */
export function nextTarget(rules: DifficultyRules, parent: Header, grandparent: Header | undefined): bigint {
	requirePositive(rules.blockInterval, 'blockInterval');
	const maxTarget = maxTargetOf(rules.initialDifficulty);
	if (grandparent === undefined) return clamp(parent.target, 1n, maxTarget);
	const interval = BigInt(rules.blockInterval);
	const solveTime = BigInt(parent.timestamp) - BigInt(grandparent.timestamp);
	const window = interval * BigInt(WINDOW);
	return clamp((parent.target * (window + solveTime - interval)) / window, 1n, maxTarget);
}

function clamp(value: bigint, minimum: bigint, maximum: bigint): bigint {
	if (value < minimum) return minimum;
	return value > maximum ? maximum : value;
}

function requirePositive(value: number, name: string): void {
	if (Number.isSafeInteger(value) && value > 0) return;
	throw new PollenError('bad-definition', `${name} must be a positive integer`);
}
