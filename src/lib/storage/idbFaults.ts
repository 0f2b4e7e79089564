/**
 * Fault injection for the contract suite: lets `after` puts of any IndexedDB store pass and fails all later ones with an
 * error of this name. Works on whichever IndexedDB is installed. Returns the undoing.
 */
export function failIdbPut(after: number, errorName: string): () => void {
	return failIdb('put', after, errorName);
}

/** The same for deletions, of one record or of a range. */
export function failIdbDelete(after: number, errorName: string): () => void {
	return failIdb('delete', after, errorName);
}

function failIdb(method: 'put' | 'delete', after: number, errorName: string): () => void {
	const prototype = IDBObjectStore.prototype;
	const original = Object.getOwnPropertyDescriptor(prototype, method);
	if (!original) throw new Error(`IDBObjectStore has no ${method} to replace.`);
	const replaced = original.value as (this: IDBObjectStore, ...values: unknown[]) => IDBRequest;
	let passed = 0;
	Object.defineProperty(prototype, method, {
		...original,
		value: function (this: IDBObjectStore, ...values: unknown[]) {
			if (passed++ >= after) throw new DOMException('Injected fault.', errorName);
			return replaced.apply(this, values);
		}
	});
	return () => Object.defineProperty(prototype, method, original);
}
