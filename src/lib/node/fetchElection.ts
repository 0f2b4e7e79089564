import { ZERO_HASH, type ElectionId } from '../bytes/hash';
import type { Clock } from '../clock/port';
import type { Election } from '../election/definition';
import { PollenError, type ErrorCode } from '../errors/pollenError';
import type { Network, PeerId } from '../network/port';
import type { ReadDefinition } from '../organising/readDefinition';
import { PROTOCOL_VERSION } from '../wire/limits';
import type { Hello, MessageOf, WireMessage } from '../wire/messages';
import { deferred, type Deferred } from './deferred';
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

/** A conversation with a peer without a node: sends a request, resolves with the next message of the wanted kind. */
type Ask = <Name extends 'election' | 'peers'>(request: WireMessage, answer: Name) => Promise<MessageOf<Name>>;

interface Visit {
	readonly network: Network;
	readonly clock: Clock;
	readonly peerId: PeerId;
	/** Whether the node does it by itself: see `Network.connect`. */
	readonly automatic: boolean;
	/** Why it hangs up in the end. */
	readonly parting: ErrorCode;
}

/**
 * Asks a peer which election it holds. Rejects with unknown-peer, signalling-unreachable, peer-timeout, self-link,
 * other-protocol, no-election, link-lost.
 */
export async function askElectionId(network: Network, clock: Clock, peerId: PeerId): Promise<ElectionId> {
	return await visit({ network, clock, peerId, automatic: false, parting: 'unlinked' }, (hello) => {
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
	electionId: ElectionId,
	read: ReadDefinition
): Promise<Election> {
	return await visit({ network, clock, peerId, automatic: false, parting: 'unlinked' }, async (hello, ask) => {
		if (hello.electionId !== electionId) throw new PollenError('other-election', 'the peer holds another election');
		return await read((await ask({ type: 'getElection' }, 'election')).definition, electionId);
	});
}

/**
 * Asks whoever can be dialled under a well-known ID for nodes of the same election, and hangs up: the link is to the ID, not to
 * the node that holds it. It asks like a tab that holds no election, so that nobody is let go to make room for a link that does not
 * last. Rejects like `askElectionId`, and with other-election.
 */
export async function askPeers(
	network: Network,
	clock: Clock,
	peerId: PeerId,
	electionId: ElectionId
): Promise<readonly string[]> {
	return await visit({ network, clock, peerId, automatic: true, parting: 'already-linked' }, async (hello, ask) => {
		if (hello.electionId !== electionId) throw new PollenError('other-election', 'the peer holds another election');
		return (await ask({ type: 'getPeers' }, 'peers')).peerIds;
	});
}

/** Dials, greets, runs `task`, hangs up. */
async function visit<T>(
	{ network, clock, peerId, automatic, parting }: Visit,
	task: (hello: Hello, ask: Ask) => Promise<T>
): Promise<T> {
	const greeted = deferred<Hello>();
	let waiting: { readonly name: WireMessage['type']; readonly answer: Deferred<WireMessage> } | undefined;
	const connection = await network.connect(peerId, { automatic });
	const session = new PeerSession(connection, clock, {
		message(from, message) {
			if (message.type === 'hello') greeted.resolve(message);
			else if (message.type === 'ping') from.send({ type: 'pong', id: message.id });
			else if (message.type === 'pong') from.takePong(message.id);
			else if (message.type === 'bye') from.close(message.code);
			else if (message.type === waiting?.name) waiting.answer.resolve(message);
		},
		closed(_, code) {
			greeted.reject(new PollenError(code, 'the peer hung up'));
			waiting?.answer.reject(new PollenError(code, 'the peer hung up'));
		}
	});
	const ask: Ask = async (request, name) => {
		const answer = deferred<WireMessage>();
		waiting = { name, answer };
		clock.after(BODY_TIMEOUT_MS, () => session.close('peer-timeout'));
		session.send(request);
		return (await answer.promise) as MessageOf<typeof name>;
	};
	try {
		session.greet(() => NO_ELECTION);
		const hello = await greeted.promise;
		checkHello(NO_ELECTION, hello);
		session.begin(hello);
		return await task(hello, ask);
	} finally {
		session.close(parting);
	}
}
