import { errorCode, type ErrorCode } from '../errors/pollenError';
import type { PollenNode } from '../node/api';

export type DeskOutcome =
	| { readonly kind: 'linked' | 'nothing-to-mine' | 'alone' | 'named' | 'copied' | 'not-copied' }
	| { readonly kind: 'mined'; readonly height: number }
	| { readonly kind: 'resynced'; readonly peers: number };

export interface DeskProblem {
	readonly at: 'link' | 'mine' | 'resync' | 'node';
	readonly code: ErrorCode;
}

type Networking = Pick<PollenNode, 'link' | 'mine' | 'resync' | 'setLabel' | 'snapshot'>;

/** What somebody asks of their node on the Network page, and how the last of it went. */
export class NetworkDesk {
	readonly #node: Networking;
	#busy: readonly DeskProblem['at'][] = $state.raw([]);
	#outcome: DeskOutcome | undefined = $state.raw();
	#problem: DeskProblem | undefined = $state.raw();

	constructor(node: Networking) {
		this.#node = node;
	}

	isBusy(at: DeskProblem['at']): boolean {
		return this.#busy.includes(at);
	}

	get outcome(): DeskOutcome | undefined {
		return this.#outcome;
	}

	get problem(): DeskProblem | undefined {
		return this.#problem;
	}

	/** Resolves with whether the link stands. */
	link(peerId: string): Promise<boolean> {
		return this.#ask('link', async () => {
			await this.#node.link(peerId);
			return { kind: 'linked' };
		});
	}

	mine(): Promise<boolean> {
		return this.#ask('mine', async () => {
			const block = await this.#node.mine();
			return block === null ? { kind: 'nothing-to-mine' } : { kind: 'mined', height: block.height };
		});
	}

	resync(): Promise<boolean> {
		return this.#ask('resync', async () => {
			const peers = this.#node.snapshot().peers.filter((peer) => peer.state === 'linked').length;
			await this.#node.resync();
			return peers === 0 ? { kind: 'alone' } : { kind: 'resynced', peers };
		});
	}

	rename(label: string): Promise<boolean> {
		return this.#ask('node', async () => {
			await this.#node.setLabel(label);
			return { kind: 'named' };
		});
	}

	async copy(text: string): Promise<void> {
		this.#outcome = undefined;
		const copied = await navigator.clipboard.writeText(text).then(
			() => true,
			() => false
		);
		this.#outcome = { kind: copied ? 'copied' : 'not-copied' };
	}

	async #ask(at: DeskProblem['at'], act: () => Promise<DeskOutcome>): Promise<boolean> {
		this.#busy = [...this.#busy, at];
		this.#outcome = this.#problem = undefined;
		try {
			this.#outcome = await act();
			return true;
		} catch (error) {
			this.#problem = { at, code: errorCode(error, 'worker-failed') };
			return false;
		} finally {
			this.#busy = this.#busy.filter((place) => place !== at);
		}
	}
}
