import type { Problem } from "@assay/schema";
import { z } from "zod";
import { confidence } from "../../confidence.ts";
import type { Roles } from "../../roles.ts";

export const input = z.strictObject({
  /** People whose labels are compared with their neighbours' at most; more are drawn by the seed. */
  asked: z.int().min(100).max(1_000_000).default(10_000),
  /** Most bins of a number feature when proxies are looked for. */
  bins: z.int().min(2).max(50).default(10),
  confidence,
  /** Nearest neighbours that a label is compared with. */
  k: z.int().min(1).max(100).default(5),
  /** Most values of a text feature with a bin of their own. */
  levels: z.int().min(1).max(200).default(20),
  min_count: z.int().min(0).default(30),
  /** People who may be neighbours at most; more are drawn by the seed. */
  neighbours: z.int().min(1000).max(2_000_000).default(100_000),
  /** Column → group → share of the population, 0 to 1. */
  population: z.record(z.string().min(1), z.record(z.string(), z.number().gt(0).max(1))).default({}),
  replicates: z.int().min(199).max(1_000_000).default(10_000),
});
export type Input = z.output<typeof input>;

/** Shares are written with a few decimals: their sum may be this far from 1. */
const tolerance = 1e-6;

export function populationProblems({ population }: Input, roles: Roles): Problem[] {
  return Object.entries(population).flatMap(([column, shares]): Problem[] => {
    const at = `population.${column}`;
    if (!roles.protected.some((role) => role.name === column)) {
      const names = roles.protected.map((role) => `"${role.name}"`).join(", ");
      return [{ at, message: `"${column}" is not a protected column; there are ${names || "none"}` }];
    }
    const sum = Object.values(shares).reduce((total, share) => total + share, 0);
    if (Math.abs(sum - 1) <= tolerance) return [];
    return [{ at, message: `the shares add up to ${Number(sum.toPrecision(9))}; shares of a population add up to 1` }];
  });
}

/** Shares of the population of a column by group, adding up to 1 to the last digit; null where the settings give none. */
export function populationOf({ population }: Input, by: readonly string[]): ReadonlyMap<string, number> | null {
  const [column] = by;
  if (by.length !== 1 || column === undefined || !Object.hasOwn(population, column)) return null;
  const shares = Object.entries(population[column] ?? {});
  const sum = shares.reduce((total, [, share]) => total + share, 0);
  return new Map(shares.map(([group, share]) => [group, share / sum]));
}
