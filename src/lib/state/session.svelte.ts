import type { ElectionId } from '../bytes/hash';
import { errorCode, PollenError, type ErrorCode } from '../errors/pollenError';
import type { PollenNode } from '../node/api';
import { pageBaseUrl } from './pageAddress';
import { NodeView } from './nodeView.svelte';
import { VoteFlow } from './voteFlow.svelte';
import { VoterDesk } from './voterDesk.svelte';

/** What opening an election is busy with: first the code itself, then what `openElection` reports. */
export type OpeningStep = 'page' | 'storage' | 'definition' | 'node';

/** The one election that this tab is a node of, and how far opening it has come. */
export type SessionState =
	| { readonly kind: 'closed' }
	| { readonly kind: 'opening'; readonly electionId: ElectionId; readonly step: OpeningStep }
	| {
			readonly kind: 'open';
			readonly electionId: ElectionId;
			readonly view: NodeView;
			readonly voter: VoterDesk;
			readonly vote: VoteFlow;
	  }
	| { readonly kind: 'failed'; readonly electionId: ElectionId; readonly code: ErrorCode };

/** Without a secure context browsers offer neither WebCrypto nor locks, and the node could not even start. */
export function checkSecureContext(): void {
	if (!globalThis.isSecureContext) throw new PollenError('insecure-context');
}

/**
 * Everything that a node needs is loaded here, when an election is opened, so that the home page stays small. In a task of its own:
 * to ask for some forty files takes as long as to draw the page for the first time, which comes before.
 */
async function loadNode() {
	await new Promise((resolve) => setTimeout(resolve));
	return await import('../node/boot');
}

/** Asks a peer which election it holds. Rejects like `PollenNode.link`. */
export async function findElection(peer: string): Promise<ElectionId> {
	checkSecureContext();
	return (await loadNode()).findElection(peer, pageBaseUrl());
}

class Session {
	#state: SessionState = $state.raw({ kind: 'closed' });
	#linkProblem: ErrorCode | undefined = $state.raw();
	/** Counts openings, so that an opening that was overtaken by another changes nothing any more. */
	#opening = 0;

	get state(): SessionState {
		return this.#state;
	}

	/** Why the peer that the link named could not be linked. The election is open all the same. */
	get linkProblem(): ErrorCode | undefined {
		return this.#linkProblem;
	}

	dismissLinkProblem(): void {
		this.#linkProblem = undefined;
	}

	/** Opens an election in this tab, or links one more peer when it is open already. Never rejects. */
	async open(electionId: ElectionId, peer: string | undefined): Promise<void> {
		const { state } = this;
		if (state.kind === 'open' && state.electionId === electionId) return this.#link(state.view.node, peer);
		if (state.kind === 'opening' && state.electionId === electionId) return;
		const opening = ++this.#opening;
		const isCurrent = () => opening === this.#opening;
		this.#state = { kind: 'opening', electionId, step: 'page' };
		this.#linkProblem = undefined;
		if (state.kind === 'open') await this.#leave(state.view);
		try {
			checkSecureContext();
			const { openElection } = await loadNode();
			const onProgress = (step: OpeningStep) => {
				if (isCurrent()) this.#state = { kind: 'opening', electionId, step };
			};
			const node = await openElection({
				electionId,
				...(peer === undefined ? {} : { peer }),
				baseUrl: pageBaseUrl(),
				onProgress
			});
			if (!isCurrent()) return await node.stop();
			const vote = new VoteFlow(node, node.election.contests.length);
			this.#state = { kind: 'open', electionId, view: new NodeView(node), voter: new VoterDesk(node), vote };
			await this.#link(node, peer);
		} catch (error) {
			// An error without a code is a fault of ours: the page says that opening failed, the console says what it was.
			if (!(error instanceof PollenError)) reportError(error);
			if (isCurrent()) this.#state = { kind: 'failed', electionId, code: errorCode(error, 'worker-failed') };
		}
	}

	/** Ends this tab's node; the election stays in the wallet. */
	async close(): Promise<void> {
		const { state } = this;
		this.#opening += 1;
		this.#state = { kind: 'closed' };
		this.#linkProblem = undefined;
		if (state.kind === 'open') await this.#leave(state.view);
	}

	async #link(node: PollenNode, peer: string | undefined): Promise<void> {
		if (peer === undefined || peer === node.snapshot().peerId) return;
		if (node.snapshot().peers.some((known) => known.peerId === peer)) return;
		this.#linkProblem = undefined;
		try {
			await node.link(peer);
		} catch (error) {
			this.#linkProblem = errorCode(error, 'unknown-peer');
		}
	}

	async #leave(view: NodeView): Promise<void> {
		view.close();
		await view.node.stop();
	}
}

/** One session a tab. */
export const session = new Session();
