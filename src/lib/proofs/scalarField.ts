import { Field } from '@noble/curves/abstract/modular.js';
import { SCALAR_FIELD } from '../election/field';
import { bigintOfHash } from './fieldElement';

/** The field that circuits compute in, and Poseidon with them. */
export const Fr = Field(bigintOfHash(SCALAR_FIELD));
