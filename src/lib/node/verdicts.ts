import type { ElectionId, Hash, TransactionId } from '../bytes/hash';
import { ballotMessage } from '../election/ballotMessage';
import type { Election } from '../election/definition';
import type { Evidence } from '../election/rules/evidence';
import { signedMessage, signerOf } from '../election/signing';
import { transactionId, type Ballot, type SignedTransaction, type Transaction } from '../election/transaction';
import type { ProofVerifier } from '../proofs/port';
import { BoundedSet } from './boundedSet';
import { MAX_MESSAGES, MAX_ROOTS, MAX_VERDICTS } from './limits';
import { timed } from './timed';

/** What has to be found out before transactions can be judged. */
export interface EvidenceNeeds {
	/** Ballots, each with the root of the group that it is judged by: null for the roll. */
	readonly ballots: readonly { readonly ballot: Ballot; readonly groupRoot: Hash | null }[];
	readonly signed: readonly SignedTransaction[];
	/** Groups, whose roots openings state. */
	readonly groups: readonly (readonly Hash[])[];
}

/**
 * Finds out, in a worker, what rules need to know about proofs, signatures and groups, and remembers what holds, so that
 * nothing is proved twice: a ballot that came through the mempool costs nothing when its block arrives, nor after a reorg. A
 * transaction ID covers every byte that a verdict depends on, but for the group of a ballot (the election is fixed for a node).
 */
export class Verdicts {
	readonly #holding: BoundedSet<string>;
	/** What is being found out just now: whoever asks meanwhile waits for the same. */
	readonly #asked = new Map<string, Promise<boolean>>();
	/** Of the groups that were asked for last; the one that was asked for longest ago first. */
	#roots: readonly KnownRoot[] = [];
	#rollRoot: Promise<Hash> | undefined;
	/** What a proof has to say for a ballot with these choices: many ballots have the same. */
	readonly #messages = new Map<string, Hash>();

	constructor(
		private readonly election: Election,
		private readonly electionId: ElectionId,
		private readonly verifier: ProofVerifier,
		limit: number = MAX_VERDICTS
	) {
		this.#holding = new BoundedSet(limit);
	}

	/** Whether it is remembered that a group of exactly these commitments has this root. */
	isKnownRootOf(groupRoot: Hash, commitments: readonly Hash[]): boolean {
		return rootIn(this.#roots, commitments) === groupRoot;
	}

	/** Takes note of what was found out elsewhere. */
	remember(transaction: Transaction, groupRoot: Hash | null): void {
		const id = transactionId(transaction);
		this.#holding.add(transaction.kind === 'ballot' ? proofKey(id, groupRoot) : id);
	}

	/** Takes note of the root of a group that was found out elsewhere. */
	rememberRoot(groupRoot: Hash, commitments: readonly Hash[]): void {
		this.#noteRoot(commitments, groupRoot);
	}

	/**
	 * Finds out what is not remembered, each kind as one batch. Resolves with the evidence about exactly what was asked for: it
	 * can be more than is remembered. Rejects only when the verifier itself fails.
	 */
	async gather(needs: EvidenceNeeds): Promise<Evidence> {
		const roots: KnownRoot[] = [];
		for (const commitments of needs.groups) roots.push({ commitments, root: await this.#rootOf(commitments) });
		const holding = new Set([...(await this.#proven(needs.ballots)), ...(await this.#signed(needs.signed))]);
		for (const key of holding) this.#holding.add(key);
		return {
			isProven: (id, groupRoot) => holding.has(proofKey(id, groupRoot)),
			isSigned: (id) => holding.has(id),
			isRootOf: (groupRoot, commitments) => rootIn(roots, commitments) === groupRoot
		};
	}

	async #proven(asked: EvidenceNeeds['ballots']): Promise<string[]> {
		return await this.#holdingOf(
			asked.map(({ ballot, groupRoot }) => ({ key: proofKey(transactionId(ballot), groupRoot), ballot, groupRoot })),
			async (unknown) => {
				const rollRoot = unknown.some(({ groupRoot }) => groupRoot === null) ? await this.#rootOfRoll() : null;
				const statements = unknown.map(({ ballot: { nullifier, choices, proof }, groupRoot }) => ({
					groupRoot: groupRoot ?? (rollRoot as Hash),
					nullifier,
					message: this.#messageOf(choices),
					proof
				}));
				return await timed('pollen verify', statements.length, () => this.verifier.verify(statements));
			}
		);
	}

	async #signed(asked: readonly SignedTransaction[]): Promise<string[]> {
		const withSigner = asked.flatMap((transaction) => {
			const publicKey = signerOf(this.election, transaction);
			return publicKey === undefined ? [] : [{ key: transactionId(transaction), transaction, publicKey }];
		});
		return await this.#holdingOf(withSigner, (unknown) =>
			this.verifier.verifySignatures(
				unknown.map(({ transaction, publicKey }) => ({
					publicKey,
					message: signedMessage(this.electionId, transaction),
					signature: transaction.signature
				}))
			)
		);
	}

	/** The keys of those that hold, by memory or by the verdict about all that are not remembered. */
	async #holdingOf<T extends { readonly key: string }>(
		asked: readonly T[],
		verify: (unknown: readonly T[]) => Promise<readonly boolean[]>
	): Promise<string[]> {
		const known = asked.filter(({ key }) => this.#holding.has(key)).map(({ key }) => key);
		const open = [...new Map(asked.map((item) => [item.key, item])).values()].filter(
			({ key }) => !this.#holding.has(key)
		);
		const unknown = open.filter(({ key }) => !this.#asked.has(key));
		if (unknown.length > 0) this.#ask(unknown, verify(unknown));
		const verdicts = await Promise.all(open.map(async ({ key }) => ({ key, holds: await this.#asked.get(key) })));
		return [...known, ...verdicts.filter(({ holds }) => holds).map(({ key }) => key)];
	}

	/** Notes what is being found out, until it is. */
	#ask(items: readonly { readonly key: string }[], asking: Promise<readonly boolean[]>): void {
		for (const [index, { key }] of items.entries()) {
			const verdict = asking.then((verdicts) => verdicts[index] === true);
			this.#asked.set(key, verdict);
		}
		const settled = (verdicts: readonly boolean[]): void => {
			for (const [index, { key }] of items.entries()) {
				this.#asked.delete(key);
				if (verdicts[index] === true) this.#holding.add(key);
			}
		};
		asking.then(settled, () => settled([]));
	}

	#messageOf(choices: readonly number[]): Hash {
		const key = choices.join();
		const known = this.#messages.get(key);
		if (known !== undefined) return known;
		if (this.#messages.size >= MAX_MESSAGES) this.#messages.clear();
		const message = ballotMessage(this.electionId, choices);
		this.#messages.set(key, message);
		return message;
	}

	#rootOfRoll(): Promise<Hash> {
		if (!this.#rollRoot) {
			const commitments = this.election.roll.map(({ key }) => key as Hash);
			this.#rollRoot = timed('pollen group', commitments.length, () => this.verifier.groupRootOf(commitments));
			this.#rollRoot.catch(() => (this.#rollRoot = undefined));
		}
		return this.#rollRoot;
	}

	async #rootOf(commitments: readonly Hash[]): Promise<Hash> {
		const root = rootIn(this.#roots, commitments) ?? (await this.verifier.groupRootOf(commitments));
		this.#noteRoot(commitments, root);
		return root;
	}

	#noteRoot(commitments: readonly Hash[], root: Hash): void {
		const others = this.#roots.filter((known) => !isSameGroup(known.commitments, commitments));
		this.#roots = [...others, { commitments, root }].slice(-MAX_ROOTS);
	}
}

/** Where the group is the roll, the ID alone: it is a ballot's, so that it cannot be mistaken for one whose signature holds. */
function proofKey(id: TransactionId, groupRoot: Hash | null): string {
	return groupRoot === null ? id : `${id} ${groupRoot}`;
}

interface KnownRoot {
	readonly commitments: readonly Hash[];
	readonly root: Hash;
}

function rootIn(known: readonly KnownRoot[], commitments: readonly Hash[]): Hash | undefined {
	return known.find((group) => isSameGroup(group.commitments, commitments))?.root;
}

/** Compared one by one: for 65,536 members a digest would keep the page from all else for 50 ms, this does for two. */
function isSameGroup(a: readonly Hash[], b: readonly Hash[]): boolean {
	return a === b || (a.length === b.length && a.every((commitment, index) => commitment === b[index]));
}
