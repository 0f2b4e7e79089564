type Json = Record<string, unknown> | unknown[];

function isJson(value: unknown): value is Json {
	return typeof value === 'object' && value !== null;
}

/** A deep copy in which the member at a path, such as `blocks.4.nonce`, has another value; undefined takes it out. */
export function tampered<T>(original: T, path: string, value: unknown): T {
	const copy = structuredClone(original);
	const names = path.split('.');
	const last = names.pop()!;
	let holder: unknown = copy;
	for (const name of names) holder = (holder as Record<string, unknown>)[name];
	if (!isJson(holder) || !Object.hasOwn(holder, last)) throw new Error(`there is nothing at ${path}`);
	if (value === undefined) delete (holder as Record<string, unknown>)[last];
	else (holder as Record<string, unknown>)[last] = value;
	return copy;
}

/** The value at a path. */
export function at(value: unknown, path: string): unknown {
	return path.split('.').reduce((holder, name) => (holder as Record<string, unknown>)[name], value);
}

/** Paths of all that is no object and no array. */
export function leavesOf(value: unknown, path: readonly string[] = []): string[] {
	if (!isJson(value)) return [path.join('.')];
	return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...path, name]));
}

/** Another hash (or other bytes in hex): the last digit is one more. */
export function nudged(hex: unknown): string {
	const text = hex as string;
	return text.slice(0, -1) + ((parseInt(text.slice(-1), 16) + 1) % 16).toString(16);
}
