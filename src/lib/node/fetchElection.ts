import { ZERO_HASH, type ElectionId } from '../bytes/hash';
import type { Clock } from '../clock/port';
import { decodeElection, type Election } from '../election/definition';
import { electionIdOf } from '../election/genesis';
import { PollenError } from '../errors/pollenError';
import type { Network, PeerId } from '../network/port';
import { PROTOCOL_VERSION } from '../wire/limits';
import type { Hello, MessageOf } from '../wire/messages';
import { deferred } from './deferred';
import { checkHello } from './handshake';
import { BODY_TIMEOUT_MS } from './limits';
import { PeerSession } from './peerSession';

/** What a tab says that holds no election yet. */
const NO_ELECTION: Hello = {
	type: 'hello',
	protocol: PROTOCOL_VERSION,
	electionId: ZERO_HASH,
	title: '',
	height: 0,
	work: 0n,
	tip: ZERO_HASH,
	label: ''
};

/**
 * Asks a peer which election it holds. Rejects with unknown-peer, signalling-unreachable, peer-timeout, self-link,
 * other-protocol, no-election, link-lost.
 */
export async function askElectionId(network: Network, clock: Clock, peerId: PeerId): Promise<ElectionId> {
	return await withPeer(network, clock, peerId, (hello) => {
		if (hello.electionId === ZERO_HASH) throw new PollenError('no-election', 'the peer holds no election');
		return Promise.resolve(hello.electionId);
	});
}

/**
 * Fetches the definition of an election from a peer. The election ID pins every byte of it, so the peer need not be
 * trusted. Rejects like `askElectionId`, and with other-election or bad-definition.
 */
export async function fetchElection(
	network: Network,
	clock: Clock,
	peerId: PeerId,
	electionId: ElectionId
): Promise<Election> {
	return await withPeer(network, clock, peerId, async (hello, answer) => {
		if (hello.electionId !== electionId) throw new PollenError('other-election', 'the peer holds another election');
		const election = decodeElection((await answer()).definition);
		if (electionIdOf(election) !== electionId) throw new PollenError('bad-definition', 'not the election of this ID');
		return election;
	});
}

/** Talks to one peer without a node: dials, greets, runs `task`, hangs up. */
async function withPeer<T>(
	network: Network,
	clock: Clock,
	peerId: PeerId,
	task: (hello: Hello, answer: () => Promise<MessageOf<'election'>>) => Promise<T>
): Promise<T> {
	const greeted = deferred<Hello>();
	const answered = deferred<MessageOf<'election'>>();
	answered.promise.catch(() => undefined);
	const connection = await network.connect(peerId);
	const session = new PeerSession(connection, clock, {
		message(from, message) {
			if (message.type === 'hello') greeted.resolve(message);
			else if (message.type === 'election') answered.resolve(message);
			else if (message.type === 'ping') from.send({ type: 'pong', id: message.id });
			else if (message.type === 'pong') from.takePong(message.id);
			else if (message.type === 'bye') from.close(message.code);
		},
		closed(_, code) {
			greeted.reject(new PollenError(code, 'the peer hung up'));
			answered.reject(new PollenError(code, 'the peer hung up'));
		}
	});
	try {
		session.greet(() => NO_ELECTION);
		const hello = await greeted.promise;
		checkHello(NO_ELECTION, hello);
		session.begin(hello);
		return await task(hello, () => {
			clock.after(BODY_TIMEOUT_MS, () => session.close('peer-timeout'));
			session.send({ type: 'getElection' });
			return answered.promise;
		});
	} finally {
		session.close('unlinked');
	}
}
