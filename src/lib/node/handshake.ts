import { ZERO_HASH } from '../bytes/hash';
import { PollenError } from '../errors/pollenError';
import { PROTOCOL_VERSION } from '../wire/limits';
import type { Hello } from '../wire/messages';

/**
 * Judges a peer's hello against our own. A zero election ID on either side means "none yet" and fits every election.
 * Throws other-protocol or other-election.
 */
export function checkHello(own: Hello, peer: Hello): void {
	if (peer.protocol !== PROTOCOL_VERSION) {
		throw new PollenError('other-protocol', `the peer speaks protocol ${peer.protocol}`);
	}
	const known = own.electionId !== ZERO_HASH && peer.electionId !== ZERO_HASH;
	if (known && own.electionId !== peer.electionId) {
		throw new PollenError('other-election', `the peer holds election ${peer.electionId}`);
	}
}
