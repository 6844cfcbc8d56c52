// How sure a link is. What stands for several is as sure as the best of them.
export type Certainty = "EXACT" | "INDIRECT" | "COARSE";

const SURENESS: readonly Certainty[] = ["EXACT", "INDIRECT", "COARSE"];

export const surer = (a: Certainty, b: Certainty): Certainty => (SURENESS.indexOf(a) <= SURENESS.indexOf(b) ? a : b);
