import type { Hash } from '../bytes/hash';
import type { ByteCache } from './byteCache';
import type { MembershipPath } from './group';
import { GroupTrees } from './groupTrees';
import { settle, type Outcome } from './outcome';

/**
 * What a groups worker does for the page. A group comes with each call: to clone 65,536 commitments takes the page half as
 * long as to pack them into bytes, or to digest them so as to ask whether the worker knows them.
 */
export interface GroupsWorkerApi {
	rootOf(commitments: readonly Hash[]): Promise<Outcome<Hash>>;
	/** Undefined when the member is not in the group. */
	pathOf(commitments: readonly Hash[], member: Hash): Promise<Outcome<MembershipPath | undefined>>;
}

/** The inside of a groups worker. */
export function groupsWorker(cache?: ByteCache): GroupsWorkerApi {
	const trees = new GroupTrees(cache);
	return {
		rootOf: (commitments) => settle(() => trees.rootOf(commitments)),
		pathOf: (commitments, member) => settle(() => trees.pathOf(commitments, member))
	};
}
