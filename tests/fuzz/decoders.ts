import { readFileSync } from 'node:fs';
import { parseReceiptFile } from '../../src/lib/audit/receiptFile';
import { parseRecord, type ElectionRecord } from '../../src/lib/audit/record';
import { bytesEqual, concatBytes } from '../../src/lib/bytes/compare';
import { bytesToHex, hexToBytes } from '../../src/lib/bytes/hex';
import { fromUtf8, utf8 } from '../../src/lib/bytes/text';
import { decodeHeader, encodeHeader } from '../../src/lib/chain/header';
import { decodeBlock, encodeBlock } from '../../src/lib/election/block';
import { decodeElection, encodeElection } from '../../src/lib/election/definition';
import { blockFromJson, blockToJson, transactionFromJson, transactionToJson } from '../../src/lib/election/json';
import { signatureHolds } from '../../src/lib/election/signing';
import { decodeTransaction, encodeTransaction } from '../../src/lib/election/transaction';
import { formatCode, isWellFormedCode, normaliseCode } from '../../src/lib/election/votingCode';
import { PollenError, type ErrorCode } from '../../src/lib/errors/pollenError';
import { isPeerId } from '../../src/lib/network/peerId';
import { parseSignallingConfig } from '../../src/lib/network/signallingConfig';
import { emptyDraft, readDraft } from '../../src/lib/organising/draft';
import { readRoll } from '../../src/lib/organising/rollFile';
import { credentialFile, parseCredentialFile } from '../../src/lib/storage/credentialFile';
import { parseOrganiserFile } from '../../src/lib/storage/organiserFile';
import { invitationLink, invitedVoterOf, peerOf, readInvitation } from '../../src/lib/ui/electionLink';
import { soughtReceiptOf } from '../../src/lib/ui/track/trackLink';
import { encodeFrame, FrameReader } from '../../src/lib/wire/frame';
import { decodeMessage, encodeMessage } from '../../src/lib/wire/codec';
import { PIECE_BYTES } from '../../src/lib/wire/limits';
import type { WireMessage } from '../../src/lib/wire/messages';
import type { RuleVectors } from '../vectors/ruleVectors';

/** Something that reads bytes or text from elsewhere: a peer, a file, a link, a form, a disk. */
export interface Decoder {
	/** By which the corpus names it. */
	readonly name: string;
	/** Exported functions that it tries. */
	readonly covers: readonly string[];
	/** Valid inputs, which the mutations start from. */
	readonly samples: readonly Uint8Array[];
	/** Whether the input is JSON, so that values in it are changed too. */
	readonly isJson: boolean;
	/** Every code with which it may refuse. */
	readonly codes: readonly ErrorCode[];
	/** Reads, and writes again what was read: the input, where there is one form only. */
	readonly read: (input: Uint8Array) => Uint8Array | undefined;
}

const load = (name: string): unknown =>
	JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));

const hexesOf = (name: string): Uint8Array[] =>
	(load(name) as { valid: readonly { bytes: string }[] }).valid.map(({ bytes }) => hexToBytes(bytes));

const frames = (load('wire') as { vectors: readonly { frame: string }[] }).vectors.map(({ frame }) =>
	hexToBytes(frame)
);
const transactions = ['enrolment', 'opening', 'ballot', 'closing'].flatMap(hexesOf);
const rules = load('rules') as RuleVectors;
const blocks = [...hexesOf('block'), ...Object.values(rules.blocks).slice(0, 6).map(hexToBytes)];
const definitions = Object.values(rules.elections).map(({ definition }) => utf8(definition));
const { cases: credentials } = load('credential-file') as { cases: readonly { file: unknown }[] };
const { cases: organisers } = load('organiser-file') as { cases: readonly { file: unknown }[] };
const asText = (files: readonly { file: unknown }[]) =>
	files.map(({ file }) => utf8(typeof file === 'string' ? file : JSON.stringify(file)));
const jsonOf = (value: unknown) => utf8(JSON.stringify(value));
const ORIGIN = new URL('https://polls.example/');
const ELECTION_ID = 'ab'.repeat(32);

/** Every byte string is some text to a file box or an address bar: what is no UTF-8 becomes replacement characters. */
const textOf = (input: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(input);

/** A file is opened as text by the browser, and JSON by whoever reads it. */
function parsed(input: Uint8Array): unknown {
	try {
		return JSON.parse(textOf(input));
	} catch (cause) {
		throw new PollenError('bad-encoding', 'no JSON', { cause });
	}
}

/** A message as the bytes of its type and its payload. */
function readMessage(input: Uint8Array): Uint8Array {
	return encodeMessage(decodeMessage(input[0] ?? 0, input.subarray(1)));
}

/** All frames of a link, cut as a link cuts them; more than the first cannot begin within a piece. */
function readFrames(input: Uint8Array): Uint8Array | undefined {
	const reader = new FrameReader();
	const messages: WireMessage[] = [];
	for (let at = 0; at < input.length; at += PIECE_BYTES) {
		const message = reader.push(input.slice(at, at + PIECE_BYTES));
		if (message) messages.push(message);
	}
	return reader.pending ? undefined : concatBytes(...messages.flatMap(encodeFrame));
}

/** Whoever looks only: true or false, and never an error. */
function looks(look: (input: Uint8Array) => unknown): (input: Uint8Array) => undefined {
	return (input) => void look(input);
}

/** To try another decoder, add a line; that none is forgotten, decoders.test.ts sees to. */
export const DECODERS: readonly Decoder[] = [
	{
		name: 'message',
		covers: ['decodeMessage'],
		samples: frames.map((frame) => concatBytes(frame.subarray(1, 2), frame.subarray(6))),
		isJson: false,
		codes: ['bad-message', 'oversized'],
		read: readMessage
	},
	{
		name: 'frames',
		covers: ['FrameReader'],
		samples: frames,
		isJson: false,
		codes: ['bad-frame', 'bad-message', 'oversized'],
		read: readFrames
	},
	{
		name: 'header',
		covers: ['decodeHeader'],
		samples: blocks.map((block) => block.subarray(0, 117)),
		isJson: false,
		codes: ['bad-encoding'],
		read: (input) => encodeHeader(decodeHeader(input))
	},
	{
		name: 'transaction',
		covers: ['decodeTransaction', 'decodeHashed'],
		samples: transactions,
		isJson: false,
		codes: ['bad-encoding'],
		// By their fields: of what was decoded, the bytes are remembered.
		read: (input) => encodeTransaction({ ...decodeTransaction(input) })
	},
	{
		name: 'block',
		covers: ['decodeBlock'],
		samples: blocks,
		isJson: false,
		codes: ['bad-encoding', 'oversized'],
		read: (input) => encodeBlock({ ...decodeBlock(input) })
	},
	{
		name: 'definition',
		covers: ['decodeElection'],
		samples: definitions,
		isJson: true,
		codes: ['bad-definition'],
		read: (input) => encodeElection(decodeElection(input))
	},
	{
		name: 'transaction as JSON',
		covers: ['transactionFromJson'],
		samples: transactions.map((bytes) => jsonOf(transactionToJson(decodeTransaction(bytes)))),
		isJson: true,
		codes: ['bad-encoding'],
		read: looks((input) => {
			const transaction = transactionFromJson(parsed(input));
			const again = transactionFromJson(transactionToJson(transaction));
			return requireSame(encodeTransaction(again), encodeTransaction(transaction));
		})
	},
	{
		name: 'block as JSON',
		covers: ['blockFromJson'],
		samples: blocks.map((bytes) => jsonOf(blockToJson(decodeBlock(bytes), ELECTION_ID as never))),
		isJson: true,
		codes: ['bad-encoding', 'oversized'],
		read: looks((input) => {
			const block = blockFromJson(parsed(input));
			return requireSame(encodeBlock(decodeBlock(encodeBlock(block))), encodeBlock(block));
		})
	},
	{
		name: 'record',
		covers: ['parseRecord', 'readRecord', 'readJsonFile', 'parseAs'],
		samples: [jsonOf(smallRecord())],
		isJson: true,
		codes: ['bad-record'],
		read: looks((input) => parseRecord(JSON.stringify(parseRecord(textOf(input)))))
	},
	{
		name: 'receipt file',
		covers: ['parseReceiptFile', 'readReceipt'],
		samples: [jsonOf(load('receipt-file'))],
		isJson: true,
		codes: ['bad-receipt'],
		read: looks((input) => parseReceiptFile(JSON.stringify(parseReceiptFile(textOf(input)))))
	},
	{
		name: 'credential file',
		covers: ['parseCredentialFile', 'readBackup'],
		samples: asText(credentials),
		isJson: true,
		codes: ['bad-backup'],
		read: looks((input) => parseCredentialFile(JSON.stringify(credentialFile(parseCredentialFile(textOf(input)), ''))))
	},
	{
		name: 'organiser file',
		covers: ['parseOrganiserFile'],
		samples: asText(organisers).filter(({ length }) => length < 20_000),
		isJson: true,
		codes: ['bad-backup'],
		read: looks((input) => parseOrganiserFile(textOf(input)))
	},
	{
		name: 'roll',
		covers: ['readRoll', 'decodeRoll'],
		samples: [
			'voter ID,name,e-mail\nV1,Ada,ada@x.example\nV2,"Byron, G.",\n',
			'V1\nV2\nV3\n',
			'\ufeffNr;Vorname;Nachname\n1;Ä;"Ö ""Ü"""\n2;B;C',
			'a\tb\r\nc\td\r\n'
		].map((text) => utf8(text)),
		isJson: false,
		codes: ['bad-roll'],
		read: looks((input) => {
			readRoll(input);
			readRoll(textOf(input));
		})
	},
	{
		name: 'draft',
		covers: ['readDraft'],
		samples: [
			jsonOf(emptyDraft()),
			jsonOf({ ...emptyDraft(), voters: 'V1\nV2', opensAt: '2026-11-22T16:30', step: 3 })
		],
		isJson: true,
		codes: ['bad-encoding'],
		read: looks((input) => {
			const draft = readDraft(parsed(input));
			return requireSame(jsonOf(readDraft(draft)), jsonOf(draft));
		})
	},
	{
		name: 'link',
		covers: ['readInvitation', 'peerOf', 'invitedVoterOf', 'soughtReceiptOf', 'isPeerId'],
		samples: [
			invitationLink(ORIGIN.href, ELECTION_ID, 'peer-1', { voterId: 'Ö 1&%', code: 'ABCD' }),
			`${ORIGIN.href}#/election/${ELECTION_ID}?peer=p_1`,
			`${ORIGIN.href}#/election/${ELECTION_ID}/track?receipt=ABCD-EFGH-JKMN`,
			ELECTION_ID,
			'some-peer-id'
		].map((text) => utf8(text)),
		isJson: false,
		codes: [],
		read: looks((input) => {
			const text = textOf(input);
			const invitation = readInvitation(text);
			if (invitation?.peer !== undefined && !isPeerId(invitation.peer)) throw new Error('a peer that is none');
			return [peerOf(text), invitedVoterOf(text), soughtReceiptOf(text)];
		})
	},
	{
		name: 'config.json',
		covers: ['parseSignallingConfig'],
		samples: [
			{ signalling: 'same-origin', iceServers: [] },
			{
				signalling: { host: '0.peerjs.example', port: 443, path: '/', secure: true },
				iceServers: [{ urls: ['stun:stun.example:3478'] }, { urls: 'turn:t.example', username: 'u', credential: 'c' }],
				rendezvous: false
			}
		].map(jsonOf),
		isJson: true,
		codes: ['bad-encoding', 'signalling-unreachable'],
		read: looks((input) => {
			const config = parseSignallingConfig(parsed(input), ORIGIN);
			return requireSame(jsonOf(parseSignallingConfig(JSON.parse(JSON.stringify(config)), ORIGIN)), jsonOf(config));
		})
	},
	{
		name: 'voting code',
		covers: ['normaliseCode', 'isWellFormedCode'],
		samples: (load('voting-code') as { codes: readonly { shown: string }[] }).codes.map(({ shown }) => utf8(shown)),
		isJson: false,
		codes: [],
		read: looks((input) => {
			const code = normaliseCode(textOf(input));
			if (isWellFormedCode(code) && normaliseCode(formatCode(code)) !== code) throw new Error('another code');
		})
	},
	{
		name: 'hex',
		covers: ['hexToBytes'],
		samples: [utf8(ELECTION_ID), utf8('')],
		isJson: false,
		codes: ['bad-encoding'],
		read: (input) => utf8(bytesToHex(hexToBytes(textOf(input))))
	},
	{
		name: 'text',
		covers: ['fromUtf8'],
		samples: [utf8('plain'), utf8('Ältestenrat — 選挙 🗳')],
		isJson: false,
		codes: ['bad-encoding'],
		read: (input) => utf8(fromUtf8(input))
	},
	{
		name: 'signature',
		covers: ['signatureHolds'],
		samples: (load('closing') as { valid: { publicKey: string; signature: string; message: string }[] }).valid.map(
			({ publicKey, signature, message }) => hexToBytes(publicKey + signature + message)
		),
		isJson: false,
		codes: [],
		read: looks((input) => {
			const [key, signature, message] = [input.subarray(0, 32), input.subarray(32, 96), input.subarray(96)];
			return signatureHolds(bytesToHex(key), message, signature);
		})
	}
];

/** The golden record without most of its blocks: enough for every kind of value, and quick to read. */
function smallRecord(): ElectionRecord {
	const record = load('record') as ElectionRecord;
	return { ...record, blocks: record.blocks.slice(0, 3) };
}

function requireSame(again: Uint8Array, first: Uint8Array): void {
	if (!bytesEqual(again, first)) throw new Error('what was read and written again reads otherwise');
}
