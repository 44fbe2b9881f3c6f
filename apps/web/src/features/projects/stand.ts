import type { RunRow } from "../../trpc/types.ts";

export type Stand = {
  readonly kind: "failing" | "broken" | "open" | "running" | "good" | "unknown";
  /** Projects of that kind. */
  readonly count: number;
  readonly runs: number;
};

type Latest = { readonly runs: number; readonly lastRun: Pick<RunRow, "status" | "verdict"> | null };

/** The worst that holds for the projects' last runs: the one thing the overview opens with. */
export function standOf(projects: readonly Latest[]): Stand {
  const count = (is: (run: Pick<RunRow, "status" | "verdict">) => boolean) =>
    projects.filter(({ lastRun }) => lastRun !== null && is(lastRun)).length;
  const runs = projects.reduce((sum, project) => sum + project.runs, 0);
  const kinds = [
    ["failing", (run) => run.verdict === "fail"],
    ["broken", (run) => run.status === "failed"],
    ["open", (run) => run.verdict === "indeterminate"],
    ["running", (run) => run.status === "running" || run.status === "queued"],
    ["good", (run) => run.status === "completed"],
  ] as const satisfies readonly [Stand["kind"], Parameters<typeof count>[0]][];
  for (const [kind, is] of kinds) {
    const found = count(is);
    if (found > 0) return { kind, count: found, runs };
  }
  return { kind: "unknown", count: 0, runs };
}
