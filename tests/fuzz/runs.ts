/**
 * How many runs a fuzz test makes: `usual` in every `npm test`, and FUZZ times as many with the environment variable FUZZ.
 * `FUZZ=100 npx vitest run tests/fuzz` is an evening's work.
 */
export function runs(usual: number): { numRuns: number } {
	const times = Number(process.env['FUZZ'] ?? 1);
	return { numRuns: Math.max(1, Math.round(usual * (Number.isFinite(times) ? times : 1))) };
}
