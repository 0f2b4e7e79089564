/** A set that forgets its oldest members beyond a limit. */
export class BoundedSet<T> {
	readonly #members = new Set<T>();

	constructor(private readonly limit: number) {}

	has(member: T): boolean {
		return this.#members.has(member);
	}

	add(member: T): void {
		this.#members.delete(member);
		this.#members.add(member);
		if (this.#members.size <= this.limit) return;
		const [oldest] = this.#members;
		this.#members.delete(oldest as T);
	}

	/** Whether it was a member. */
	delete(member: T): boolean {
		return this.#members.delete(member);
	}

	clear(): void {
		this.#members.clear();
	}
}
