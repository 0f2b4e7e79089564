import type { Block } from '../../../src/lib/election/block';
import { blockToJson, transactionToJson } from '../../../src/lib/election/json';
import type { Ballot } from '../../../src/lib/election/transaction';
import type { ErrorCode } from '../../../src/lib/errors/pollenError';
import { workHash } from './forge';
import type { Tab } from './tab';

/** What `submit` and `addBlock` of the console interface answer. */
export interface Judgement {
	readonly accepted: boolean;
	readonly code?: ErrorCode;
}

/** Hands a block to a tab's node through `window.pollen`. */
export async function offerBlock(tab: Tab, block: Block): Promise<Judgement> {
	return await offerBlockJson(tab, blockToJson(block, workHash(block.header)));
}

export async function offerBlockJson(tab: Tab, json: unknown): Promise<Judgement> {
	return await tab.page.evaluate((block) => globalThis.pollen!.addBlock(block), json);
}

/** Hands a ballot to a tab's node through `window.pollen`. */
export async function offerBallot(tab: Tab, ballot: Ballot): Promise<Judgement> {
	return await offerBallotJson(tab, transactionToJson(ballot));
}

export async function offerBallotJson(tab: Tab, json: unknown): Promise<Judgement> {
	return await tab.page.evaluate((ballot) => globalThis.pollen!.submit(ballot), json);
}
