import type { Nullifier } from '../../bytes/hash';
import { PollenError } from '../../errors/pollenError';

/**
 * One nullifier, one ballot: the first in chain order counts. The nullifier is the only thing that tells ballots apart;
 * the same ballot with a rewritten proof, or another choice of the same voter, has the same one.
 * @param ballots whatever is already counted, by nullifier
 * @throws PollenError duplicate-nullifier
 */
export function checkUnused(ballots: ReadonlyMap<Nullifier, unknown>, nullifier: Nullifier): void {
	if (ballots.has(nullifier)) {
		throw new PollenError('duplicate-nullifier', `a ballot with nullifier ${nullifier} is counted already`);
	}
}
