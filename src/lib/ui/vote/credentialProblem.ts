import type { ErrorCode } from '../../errors/pollenError';
import type { CredentialMisfit } from '../../state/credentialDesk.svelte';
import { explain } from '../explain';

const SENTENCES: Readonly<Record<CredentialMisfit | 'bad-backup', string>> = {
	'bad-backup': 'This file is not a whole credential that this page can read. Nothing was changed.',
	'other-election-credential': 'This credential belongs to another election. Nothing was changed.',
	'other-voter-credential': 'This credential belongs to another voter ID. Nothing was changed.',
	'other-credential':
		'This is not the credential that this voter enrolled with. Look for the file on the device where you enrolled. Nothing was changed.',
	'credential-conflict':
		'This device has another credential for this voter already, and none of the two is recorded yet. Wait until one is, then try again. Nothing was changed.'
};

/** Why a credential file was refused, in plain words. */
export function explainCredential(problem: ErrorCode | CredentialMisfit): string {
	return problem in SENTENCES ? SENTENCES[problem as keyof typeof SENTENCES] : explain(problem as ErrorCode);
}
