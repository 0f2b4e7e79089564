import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesToHex } from './hex';
import { refusalOf } from './testing/refusalOf';
import { fromUtf8, utf8 } from './text';

describe('text', () => {
	it('is UTF-8', () => {
		expect(bytesToHex(utf8('aé€😀'))).toBe('61c3a9e282acf09f9880');
	});

	it('reads what it writes', () => {
		fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => fromUtf8(utf8(text)) === text));
	});

	it('keeps a byte order mark, so that two encodings never read as one text', () => {
		expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
	});

	it.each([
		['a stray continuation byte', [0x80]],
		['a cut character', [0xe2, 0x82]],
		['an overlong encoding', [0xc0, 0xaf]],
		['an encoded surrogate', [0xed, 0xa0, 0x80]],
		['a value above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]]
	])('refuses %s', (_, bytes) => {
		expect(refusalOf(() => fromUtf8(Uint8Array.from(bytes)))).toBe('bad-encoding');
	});

	it('refuses to write a lone surrogate', () => {
		expect(refusalOf(() => utf8('a\ud800'))).toBe('bad-encoding');
	});
});
