import type { ErrorCode } from '../errors/pollenError';
import type { OpeningStep } from '../state/session.svelte';
import type { FormGap } from '../state/voteFlow.svelte';

/**
 * Every refusal in plain words: what happened, then what to do about it. A record over all codes, so that a new code
 * does not compile until it has its sentence.
 */
const SENTENCES: Readonly<Record<ErrorCode, string>> = {
	'unknown-voter': 'This voter ID is not on the roll of this election. Check it for a typing mistake.',
	'mistyped-code':
		'There is a typing mistake in this voting code: its characters do not fit together. Compare it with your invitation, character by character.',
	'wrong-code': 'This voting code does not belong to this voter ID. Check both for a typing mistake.',
	'already-voted':
		'A ballot was already cast with this voting code. The first ballot counts, and it cannot be changed.',
	'already-enrolled': 'This voter has enrolled already. The first enrolment counts.',
	'enrolled-elsewhere':
		'Somebody enrolled with this voting code, on another device or in another browser. Vote there, or bring the credential file from there. If it was not you, tell the organiser.',
	'not-enrolled': 'This voter did not enrol before the poll opened, so there is no ballot for this voting code.',
	'enrolment-closed': 'The poll has been opened, and that ended enrolment. Nobody can enrol any more.',
	'no-enrolment': 'In this election nobody enrols: the voting code alone is enough to vote.',
	'no-choice': 'No option chosen. Mark one option on the ballot first.',
	'unknown-option': 'This choice is not on the ballot of this election. Choose one of the options shown.',
	'poll-not-open': 'The poll is not open yet. Come back when it has opened.',
	'poll-closed': 'The poll is closed. No more ballots are taken; the count can still be read and checked.',

	'bad-encoding': 'This data is damaged or was not made by Pollen, so it was refused.',
	'bad-definition': 'The description of this election breaks the rules, so it was refused. Ask for a fresh link.',
	'bad-proof': 'The proof on this ballot does not hold, so the ballot was refused.',
	'bad-signature': 'A signature does not match, so this was refused.',
	'bad-work': 'This block was not mined: its hash does not meet its target. It was refused.',
	'bad-target': 'This block has a different mining target than the rules give. It was refused.',
	'bad-time': 'This block claims to be older than the block before it. It was refused.',
	'bad-height': 'This block has the wrong number for its place in the chain. It was refused.',
	'bad-merkle-root': 'The ballots in this block are not the ones its header names. It was refused.',
	'duplicate-nullifier': 'This block or ballot uses a voting code for a second time. It was refused.',
	'duplicate-commitment': 'This enrolment uses a credential that another voter has enrolled already. It was refused.',
	'bad-group': 'The opening names another group than the voters who have enrolled, so it was refused.',
	'group-too-small':
		'Fewer than three voters have enrolled. A ballot would be hidden among too few, so the poll cannot be opened yet.',
	'already-open': 'The poll has been opened already.',
	'already-closed': 'The poll has been closed already. The first closing decides.',
	'unknown-block': 'The closing names a block that is not on this chain, so it was refused.',
	oversized: 'This is larger than the rules allow, so it was refused.',
	'unknown-parent': 'The block before this one is not known here yet. Press Resync on the Network page.',
	'invalid-parent': 'This block builds on a block that was refused, so it was refused too.',
	'future-time':
		'This block is dated in the future. It is kept back until its time has come; check this device’s clock.',

	'bad-frame': 'The peer sent something that is no Pollen message. The link was closed.',
	'bad-message': 'The peer sent a damaged message. The link was closed.',
	'unexpected-message': 'The peer sent a message that was out of turn. The link was closed.',
	flood: 'The peer sent more than this tab had asked for, or faster than it could read. The link was closed.',
	'other-election':
		'This peer holds another election. Tabs can only be linked when they hold the same one; ask which election it is.',
	'other-protocol': 'This peer runs another version of Pollen. Reload the page in both tabs.',
	'unknown-peer':
		'Peer not found. A peer ID changes whenever its tab is opened anew: ask for the current one, and check that the tab is still open.',
	'self-link': 'This is the peer ID of this tab. Enter the peer ID of another tab.',
	'already-linked': 'This peer is linked already.',
	'too-many-peers': 'That tab has as many peers as it can hold. Link to another one.',
	'too-many-dials':
		'This tab has looked for very many peers, and the browser allows only so many links. Wait a minute and try again, or reload the page.',
	'peer-timeout':
		'The peer did not answer in time. It may be asleep or behind a strict firewall; try again or link to another.',
	'link-lost': 'The link to this peer was lost. It is tried again by itself.',
	'signalling-unreachable':
		'The signalling server cannot be reached, so no new peers can be found. Voting and mining still work; check the internet connection and try again.',
	unlinked: 'This peer was unlinked.',

	'insecure-context':
		'This page was opened over plain HTTP, where browsers switch off the cryptography that Pollen needs. Open it over HTTPS, or on localhost.',
	'storage-full':
		'The storage of this browser is full, so nothing more can be kept. Free some space on this device; until then keep this tab open.',
	'storage-failed':
		'This browser cannot store anything for this page. Leave private browsing or allow site data; until then keep this tab open.',
	'artifact-corrupt':
		'The files that make the anonymous proof are damaged, so nothing was cast. Reload the page; if that does not help, tell whoever hosts it.',
	'artifact-unreachable':
		'The files that make the anonymous proof could not be loaded, so nothing was cast. Check the connection and try again.',
	'worker-failed': 'A part of this page stopped working in the background. Reload the page; nothing recorded is lost.',
	aborted: 'This was stopped before it was done. Try again.',
	'no-election':
		'This tab does not hold that election yet, and no peer was there to hand it over. Ask somebody to open it, and try again; or enter a peer ID.',
	'not-organiser':
		'This browser does not hold the organiser’s key of this election. Restore it from the backup file on this device.',

	'bad-roll': 'This file is not a list of voters that can be read. Save it as CSV, with one voter on each line.',
	'bad-record':
		'This file is not a whole election record of a version that this page can read. Download it again, and choose the file as it was.',
	'bad-receipt': 'This file is not a whole receipt of a version that this page can read.',
	'bad-backup': 'This file is not a whole backup of a version that this page can read. Nothing was changed.'
};

const GAPS: Readonly<Record<FormGap, string>> = {
	'no-voter-id': 'Enter your voter ID.',
	'no-code': 'Enter your voting code.'
};

/** A plain sentence or two for the voter. */
export function explain(code: ErrorCode | FormGap): string {
	return code in GAPS ? GAPS[code as FormGap] : SENTENCES[code as ErrorCode];
}

const STEPS: Readonly<Record<OpeningStep, string>> = {
	page: 'Loading what this tab needs to be a node',
	storage: 'Opening what this browser has kept',
	definition: 'Getting the description of the election',
	node: 'Checking the blocks kept here'
};

/** What opening an election is busy with. */
export function explainStep(step: OpeningStep): string {
	return STEPS[step];
}
