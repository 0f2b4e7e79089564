/**
 * Bytes with a buffer of exactly their own length. A structured clone of a view copies the whole buffer behind it, so a
 * ballot that is a window into a received 1 MiB frame would otherwise be stored as 1 MiB.
 */
export function compactBytes(bytes: Uint8Array): Uint8Array {
	return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
