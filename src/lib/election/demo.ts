import type { ElectionId } from '../bytes/hash';
import type { Election } from './definition';

/**
 * Voter ID, normalised voting code, and the identity commitment of the credential that the code stands for. They are
 * literals, so that opening the demo needs no Semaphore; a test derives them again.
 */
const VOTERS = [
	['VOID001', 'DEBYXWSM4WBNCJEY', '21d0cb80b14df5e8407e9f4d294c1c672627638334f9c7b4897e4e44cb7e0bcc'],
	['VOID002', 'JHQ589YJNQSDKXR8', '293a3b0361ffef476faff2cdb7f16423b1c75c9973ed091662ab8c57267f8457'],
	['VOID003', '4HR6F47VCFYWDET3', '11e896ad1bd898a6c94c4354079f7dd5f4c37e5723e3717182b1fcf39aeae8d1'],
	['VOID004', 'JTQAXNK194KM82M8', '184340fbe18c102005e3ddc1538746a752fdbb1c0712c34ee5239af3d438389e'],
	['VOID005', '80JA5XYR95Y9R24Q', '29213ec8476d8b5db458cd9a274de56e2756137a1223d876f59d4c5ed7f6c28d'],
	['VOID006', 'T54GER12V41WTGCT', '20ad277499d01b9863e74a2df401cad3db2a737b1cc10ca35963571037d8976c'],
	['VOID007', 'SRCS6E33EJ7NCSMS', '22a40792c9ff4784d80f3aac0f59df91fbb8a3d4b75e3831e2881ef4c08dc2fe'],
	['VOID008', 'ESBDY5NBGTCRTWJ6', '1bfa1572694e2fb515c0fc8ac22837069a8867f43d26c422d7856e47d165d791'],
	['VOID009', 'DEA1FHTRM58Z78X8', '2a842b0250a2bf7c511c5e96b4a90631e091abb0623e0f95d7351af1249672d2'],
	['VOID010', 'WEC96R4XXYYSV81Y', '00e63630c1d89e0f616e3931bf445b458b0996e89cad9138e671145a43bccd14'],
	['VOID011', 'KQKXG6X3906W7BVW', '21467450ff532b06444a6d07461fae9561ffbf802bdddc0f528822a97cd9cc2d'],
	['VOID012', '7Q0N9W6TA0XF09H2', '02f5225119d17b995e35b004a1efa8224d8d8719cd1e6f1598438a83366f3168'],
	['VOID013', 'ZTP04ZX3QRQFJVS4', '0e8048b25f38b0c932ce037a61c0efd8c3d57aacc316259e935b0ef4769f48c5'],
	['VOID014', 'AJ8B8H10MN30YRW4', '14fcd6363ca27099991873d2ff6df814d15f5510c6ce79539473acd6047ad744'],
	['VOID015', 'B0P4PBN8GQ6089AE', '2f2a2b39562048e799a48ece5184348066bf67c16ad9261f9a07977438c1df16']
] as const;

/** A voter of the demo election. Everybody may know the code: it is for trying out. */
export interface DemoVoter {
	readonly voterId: string;
	/** Normalised; `formatCode` gives the form to show. */
	readonly code: string;
}

export const DEMO_VOTERS: readonly DemoVoter[] = VOTERS.map(([voterId, code]) => ({ voterId, code }));

export const DEMO_ELECTION: Election = {
	version: 1,
	title: 'Pollen demo election',
	description:
		'An election for trying Pollen out. The voting codes are published with it, so its ballots are secret from nobody.',
	contests: [
		{
			title: 'Which party do you vote for?',
			options: ['Democratic Party', 'Republican Party', 'Socialist Party']
		}
	],
	eligibility: 'issued',
	roll: VOTERS.map(([voterId, , key]) => ({ voterId, key })),
	organiser: null,
	opensAt: null,
	closesAt: null,
	blockInterval: 5_000,
	initialDifficulty: 20_000,
	proofDepth: 10
};

/** What `electionIdOf(DEMO_ELECTION)` gives, without the hashing. */
export const DEMO_ELECTION_ID = '625b95aef9ffe02f657620afe0cfb0c44ae7685d91cec7e3c3c4ad38d74736da' as ElectionId;
