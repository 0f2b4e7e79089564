import { MAX_BACKLOG_BYTES, MAX_BACKLOG_MESSAGES } from './limits';

/** What one peer has sent that is not dealt with yet: whoever sends faster than we can judge may not fill our memory. */
export class Backlog {
	#bytes = 0;
	#messages = 0;
	/** Of the message whose pieces are arriving. */
	#arriving = 0;

	get bytes(): number {
		return this.#bytes;
	}

	get isOver(): boolean {
		return this.#bytes > MAX_BACKLOG_BYTES || this.#messages >= MAX_BACKLOG_MESSAGES;
	}

	/** A piece has arrived. */
	add(bytes: number): void {
		this.#bytes += bytes;
		this.#arriving += bytes;
	}

	/** The message is complete. Returns what is to be called when it is dealt with. */
	complete(): () => void {
		const bytes = this.#arriving;
		this.#arriving = 0;
		this.#messages += 1;
		return () => {
			this.#bytes -= bytes;
			this.#messages -= 1;
		};
	}
}
