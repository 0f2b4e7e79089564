/**
 * Proofs in one equation. More would hardly be faster, and their lines would not fit into the curve's memory. It stands by
 * itself so that the page, which shares proofs out among workers, need not load the curve.
 */
export const MAX_BATCH = 96;
