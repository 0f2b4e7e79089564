/**
 * Fault injection for the contract suite: lets `after` writes of any IndexedDB store pass and fails all later ones with
 * an error of this name. Works on whichever IndexedDB is installed. Returns the undoing.
 */
export function failIdbPut(after: number, errorName: string): () => void {
	const prototype = IDBObjectStore.prototype;
	const original = Object.getOwnPropertyDescriptor(prototype, 'put');
	if (!original) throw new Error('IDBObjectStore has no put to replace.');
	const put = original.value as IDBObjectStore['put'];
	let passed = 0;
	prototype.put = function (this: IDBObjectStore, ...values: Parameters<IDBObjectStore['put']>) {
		if (passed++ >= after) throw new DOMException('Injected fault.', errorName);
		return put.apply(this, values);
	};
	return () => Object.defineProperty(prototype, 'put', original);
}
