import type { RunRow } from "../../trpc/types.ts";

export type Stand = {
  readonly kind: "failing" | "broken" | "open" | "running" | "good" | "unjudged" | "unknown";
  /** Projects of that kind. */
  readonly count: number;
  /** The first of them: where it is the only one, a sentence calls it by its name. */
  readonly name: string;
  readonly runs: number;
};

type Latest = {
  readonly name: string;
  readonly runs: number;
  readonly lastRun: Pick<RunRow, "status" | "verdict"> | null;
};

/** The worst that holds for the projects' last runs: the one thing the overview opens with. */
export function standOf(projects: readonly Latest[]): Stand {
  const those = (is: (run: Pick<RunRow, "status" | "verdict">) => boolean) =>
    projects.filter(({ lastRun }) => lastRun !== null && is(lastRun));
  const runs = projects.reduce((sum, project) => sum + project.runs, 0);
  const kinds = [
    ["failing", (run) => run.verdict === "fail"],
    ["broken", (run) => run.status === "failed"],
    ["open", (run) => run.verdict === "indeterminate"],
    ["running", (run) => run.status === "running" || run.status === "queued"],
    ["good", (run) => run.verdict === "pass"],
    ["unjudged", (run) => run.status === "completed"],
  ] as const satisfies readonly [Stand["kind"], Parameters<typeof those>[0]][];
  for (const [kind, is] of kinds) {
    const [first, ...others] = those(is);
    if (first !== undefined) return { kind, count: 1 + others.length, name: first.name, runs };
  }
  return { kind: "unknown", count: 0, name: "", runs };
}
