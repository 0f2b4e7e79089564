import { expose } from 'comlink';

/** Stands in for a worker: the far end of a message channel, in the same thread. It can be made to die. */
export class ThreadlessWorker extends EventTarget {
	isTerminated = false;
	readonly #near: MessagePort;
	readonly #far: MessagePort;

	constructor(api: object) {
		super();
		const { port1, port2 } = new MessageChannel();
		this.#near = port1;
		this.#far = port2;
		expose(api, this.#far);
		this.#near.onmessage = ({ data }: MessageEvent) => {
			this.dispatchEvent(new MessageEvent('message', { data: data as unknown }));
		};
	}

	postMessage(message: unknown, transfer: Transferable[] = []): void {
		this.#near.postMessage(message, transfer);
	}

	terminate(): void {
		this.isTerminated = true;
		this.#near.close();
		this.#far.close();
	}

	/** As when the script throws, cannot be loaded, or runs out of memory. */
	die(message: string): void {
		this.terminate();
		this.dispatchEvent(Object.assign(new Event('error'), { message }));
	}

	asWorker(): Worker {
		return this as unknown as Worker;
	}
}
