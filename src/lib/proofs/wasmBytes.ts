/**
 * The little of WebAssembly's binary format (core specification 1.0, section 5) that computing with long numbers takes:
 * locals of type i64, parameters of type i32, one memory. Code is a list of bytes, an operand before its operation.
 */
export type Code = readonly number[];

export interface WasmFunction {
	/** How many parameters, all i32: addresses. There is no result. */
	readonly parameters: number;
	/** How many locals beside them, all i64. */
	readonly locals: number;
	readonly code: Code;
	/** Functions without a name can only be called from inside. */
	readonly name?: string;
}

const [I32, I64] = [0x7f, 0x7e];
const TYPE_SECTION = 1;
const FUNCTION_SECTION = 3;
const MEMORY_SECTION = 5;
const EXPORT_SECTION = 7;
const CODE_SECTION = 10;

/** A module of these functions, which call each other by their place in the list, and of a memory named "memory". */
export function wasmModule(functions: readonly WasmFunction[], memoryPages: number): Uint8Array<ArrayBuffer> {
	const exported = functions.flatMap(({ name }, index) =>
		name === undefined ? [] : [[...text(name), 0, ...unsigned(index)]]
	);
	return Uint8Array.from([
		...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
		...section(
			TYPE_SECTION,
			list(functions.map(({ parameters }) => [0x60, ...list(Array.from({ length: parameters }, () => [I32])), 0]))
		),
		...section(FUNCTION_SECTION, list(functions.map((_, index) => unsigned(index)))),
		...section(MEMORY_SECTION, list([[0, ...unsigned(memoryPages)]])),
		...section(EXPORT_SECTION, list([[...text('memory'), 2, 0], ...exported])),
		...section(
			CODE_SECTION,
			list(functions.map(({ locals, code }) => sized([1, ...unsigned(locals), I64, ...code, 0x0b])))
		)
	]);
}

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
/** An address. */
export const i32 = (value: number): Code => [0x41, ...signed(BigInt(value))];
export const i64 = (value: bigint): Code => [0x42, ...signed(value)];
/** Eight bytes, so many after an address. */
export const load = (address: Code, offset: number): Code => [...address, 0x29, 3, ...unsigned(offset)];
export const store = (address: Code, offset: number, value: Code): Code => [
	...address,
	...value,
	0x37,
	3,
	...unsigned(offset)
];
export const add = (a: Code, b: Code): Code => [...a, ...b, 0x7c];
export const mul = (a: Code, b: Code): Code => [...a, ...b, 0x7e];
export const and = (a: Code, b: Code): Code => [...a, ...b, 0x83];
/** Without sign. */
export const shiftRight = (a: Code, bits: bigint): Code => [...a, ...i64(bits), 0x88];
export const call = (index: number, ...operands: readonly Code[]): Code => [
	...operands.flat(),
	0x10,
	...unsigned(index)
];

function section(id: number, content: Code): Code {
	return [id, ...sized(content)];
}

function sized(content: Code): Code {
	return [...unsigned(content.length), ...content];
}

function list(items: readonly Code[]): Code {
	return [...unsigned(items.length), ...items.flat()];
}

function text(ascii: string): Code {
	return sized(Array.from(ascii, (character) => character.charCodeAt(0)));
}

/** LEB128. */
function unsigned(value: number): Code {
	return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: bigint): Code {
	if (value >= -0x40n && value < 0x40n) return [Number(value & 0x7fn)];
	return [Number(value & 0x7fn) | 0x80, ...signed(value >> 7n)];
}
