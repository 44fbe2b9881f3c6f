/**
 * One row of `npm run bench`. What is exported as `benches` from a `*.bench.ts` of a package, or a `*.bench.mjs` of
 * bench/, is measured.
 */
export interface Bench {
  readonly name: string;
  /** Why it cannot be measured here, such as a peer that is not at hand: told, and no failure. */
  readonly skip?: string | undefined;
  /** Makes the data, and what is timed on it. */
  prepare(): Promise<PreparedBench>;
}

export interface PreparedBench {
  ours(): Promise<unknown>;
  readonly peer: {
    /** What the peer is, for people. */
    readonly name: string;
    /** May give `ownSeconds`: what the work took in a program of its own. */
    run(): unknown;
    /** How many times what the peer does the whole job is, where it does only a part: seconds are multiplied by it. */
    readonly scale: number;
  };
  /** What no program on this machine can do faster, such as copying the data once. */
  readonly limit: { readonly name: string; run(): unknown } | null;
  /** Throws where ours and the peer do not give the same answer. */
  agree(ours: unknown, peer: unknown): void;
  /** Ends what was started for the row. */
  stop?(): void;
  readonly notes: string;
}
