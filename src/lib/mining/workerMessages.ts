import type { ErrorCode } from '../errors/pollenError';
import type { MiningJob, MiningProgress, MiningResult } from './port';

/** From the page to the mining worker. IDs tell the answers of jobs apart that overtake each other. */
export type MiningRequest =
	{ readonly type: 'mine'; readonly id: number; readonly job: MiningJob } | { readonly type: 'stop' };

/** From the mining worker to the page. A job that was replaced or stopped gets no answer: the page knows. */
export type MiningReply =
	| { readonly type: 'found'; readonly id: number; readonly result: MiningResult }
	| { readonly type: 'failed'; readonly id: number; readonly code: ErrorCode; readonly message: string }
	| { readonly type: 'progress'; readonly progress: MiningProgress };

/** The worker's end of the channel: its global scope, or a message port. */
export interface MiningChannel {
	onmessage: ((event: MessageEvent<MiningRequest>) => void) | null;
	postMessage(reply: MiningReply): void;
}
