import type { BlockHash, TransactionId } from '../bytes/hash';
import { sha256Hash } from '../bytes/sha256';
import { holdsAt } from '../chain/locator';
import { decodeHashed } from '../election/transaction';
import { errorCode, isOwnFault } from '../errors/pollenError';
import { MAX_HEADERS, MAX_PEERS } from '../wire/limits';
import type { MessageName, MessageOf } from '../wire/messages';
import { transactionDisposition } from './disposition';
import type { Ledger } from './ledger';
import type { LedgerCore } from './ledgerCore';
import { MAX_BODIES_OWED, MISFITS_PER_VOTER } from './limits';
import type { Links } from './links';
import type { PeerSession } from './peerSession';
import type { Relay } from './relay';
import type { Stem } from './stem';
import type { Sync } from './sync';
import type { TransactionRequests } from './transactionRequests';

/** The parts of a node that messages reach. */
export interface HandlerContext {
	readonly ledger: Ledger;
	readonly sync: Sync;
	readonly relay: Relay;
	readonly requests: TransactionRequests;
	readonly stem: Stem;
	readonly links: Links;
	/** The canonical definition of the election. */
	readonly definition: Uint8Array;
}

type Handler<Name extends MessageName> = (
	context: HandlerContext,
	session: PeerSession,
	message: MessageOf<Name>
) => void | Promise<void>;

/** Where each message is handled. The link layer takes care of every hello and bye. */
const HANDLERS: { readonly [Name in MessageName]: Handler<Name> } = {
	hello: unexpected,
	bye: unexpected,
	ping: (_, session, { id }) => session.send({ type: 'pong', id }),
	pong: (context, session, { id }) => (session.takePong(id) ? context.links.changed() : session.noteUnasked()),
	getElection: ({ definition }, session) => session.send({ type: 'election', definition }),
	// Only a tab that has no node yet asks for a definition, and it takes the answer itself.
	election: unexpected,
	getHeaders: ({ ledger }, session, { locator }) => {
		const { tree, tip } = ledger.core;
		const headers = tree.following(locator, tip, MAX_HEADERS).map(({ header }) => header);
		session.send({ type: 'headers', headers });
	},
	headers: ({ sync }, session, { headers }) => sync.takeHeaders(session, headers),
	getBlocks: sendBlocks,
	block: ({ sync }, session, { block }) => sync.takeBlock(session, block),
	inventory: takeInventory,
	// An empty request asks for the inventory of everything that is pending.
	getTransactions: ({ relay }, session, { ids }) =>
		ids.length === 0 ? relay.tellMempool(session) : relay.sendTransactions(session, ids),
	transaction: takeTransaction,
	stem: takeStem,
	getPeers: ({ links }, session) =>
		session.send({ type: 'peers', peerIds: links.peerIds(session).slice(0, MAX_PEERS) }),
	peers: ({ links }, session, { peerIds }) => links.takePeers(session, peerIds),
	notFound: ({ sync }, session, { hashes }) => {
		if (!sync.takeNotFound(session, hashes)) session.noteUnasked();
	}
};

/** Handles one message. Never rejects for what the peer sent, only when this device fails. */
export async function handleMessage<Name extends MessageName>(
	context: HandlerContext,
	session: PeerSession,
	message: MessageOf<Name>
): Promise<void> {
	const handler = HANDLERS[message.type as Name] as Handler<Name>;
	await handler(context, session, message);
}

function unexpected(_: HandlerContext, session: PeerSession): void {
	session.close('unexpected-message');
}

/** Bodies are sent one by one as the peer takes them, so that sixteen large ones do not fill the link's queue. */
async function sendBlocks(
	{ ledger }: HandlerContext,
	session: PeerSession,
	{ hashes }: MessageOf<'getBlocks'>
): Promise<void> {
	session.owed += hashes.length;
	if (session.owed > MAX_BODIES_OWED) return session.close('unexpected-message');
	const missing: BlockHash[] = [];
	for (const hash of hashes) {
		await session.drained();
		session.owed -= 1;
		if (session.closed) return;
		const stored = ledger.core.valid.has(hash) ? await ledger.core.store.loadBlock(hash) : undefined;
		if (stored) session.send({ type: 'block', block: stored.bytes });
		else missing.push(hash);
	}
	if (missing.length > 0) session.send({ type: 'notFound', hashes: missing });
}

function takeInventory(
	{ requests, stem }: HandlerContext,
	session: PeerSession,
	{ ids }: MessageOf<'inventory'>
): void {
	for (const id of ids) session.transactions.noteAnnounced(id);
	stem.heard(ids);
	requests.announced(session, ids);
}

async function takeTransaction(
	context: HandlerContext,
	session: PeerSession,
	{ transaction }: Pick<MessageOf<'transaction'>, 'transaction'>
): Promise<void> {
	const id = sha256Hash(transaction) as TransactionId;
	session.transactions.noteReceived(id);
	context.requests.settle([id]);
	context.stem.heard([id]);
	await judgeTransaction(context, session, id, transaction);
}

/** What is public already, or is to be made so by us, is taken like any other. */
async function takeStem(
	context: HandlerContext,
	session: PeerSession,
	{ transaction }: MessageOf<'stem'>
): Promise<void> {
	const { requests, stem } = context;
	const id = sha256Hash(transaction) as TransactionId;
	if (requests.isWanted(id) || !stem.begin(id)) return takeTransaction(context, session, { transaction });
	session.transactions.noteReceived(id);
	if (await judgeTransaction(context, session, id, transaction)) stem.passOn(id);
	else stem.forget([id]);
}

/** Resolves with whether the transaction is pending or recorded now. A peer that could know better than to send it is dropped. */
async function judgeTransaction(
	{ ledger, requests }: HandlerContext,
	session: PeerSession,
	id: TransactionId,
	bytes: Uint8Array
): Promise<boolean> {
	if (requests.isRefused(id)) return false;
	const { core } = ledger;
	// Also as of now: both the peer and we may have gone over to another opening when the verdict is there.
	const hadOurGroup = hasOurGroup(core, session);
	try {
		const admission = await ledger.addTransaction(decodeHashed(bytes, id), 'relaxed');
		if (admission === 'added') session.noteUse();
		return true;
	} catch (error) {
		const code = errorCode(error, 'bad-encoding');
		if (!isOwnFault(code)) requests.noteRefused(id);
		const isMisfit = code === 'bad-proof' && !(hadOurGroup && hasOurGroup(core, session));
		if (isMisfit && ++session.misfits <= MISFITS_PER_VOTER * core.state.enrolled) return false;
		if (transactionDisposition(code) === 'reject') session.close(code);
		return false;
	}
}

/** Whether a peer's chains, as far as it told us, hold our opening: else its ballots may be proved for another group. */
function hasOurGroup({ election, state, tree }: LedgerCore, { best, shown }: PeerSession): boolean {
	if (election.eligibility === 'issued') return true;
	const { opening } = state;
	const tips = [best?.tip, shown].filter((hash) => hash !== undefined).map((hash) => tree.get(hash));
	return (
		opening !== undefined && tips.every((tip) => tip !== undefined && holdsAt(tip, opening.height, opening.blockHash))
	);
}
