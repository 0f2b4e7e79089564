/** Tells listeners that something changed, once for any number of changes in one turn of the event loop. */
export class ChangeSignal {
	readonly #listeners = new Set<() => void>();
	#scheduled = false;

	/** Returns the unsubscriber. */
	subscribe(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	readonly fire = (): void => {
		if (this.#scheduled) return;
		this.#scheduled = true;
		queueMicrotask(() => {
			this.#scheduled = false;
			for (const listener of this.#listeners) listener();
		});
	};
}
