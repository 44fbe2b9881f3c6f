import { answerOf, api } from "../../trpc/server.ts";
import type { RunRow } from "../../trpc/types.ts";

/** The newest completed runs of a project, newest first, and those of the numbers asked for, however old. */
export async function findCandidates(slug: string, asked: readonly (number | null)[]): Promise<RunRow[]> {
  const client = await api();
  const list = (search: string) =>
    answerOf(client.runs.list.query({ project: slug, status: "completed", search, pageSize: 200 }));
  const { items, total } = await list("");
  if (total <= items.length) return items;
  const missing = asked.filter((number) => number !== null && !items.some((run) => run.number === number));
  const found = await Promise.all(
    missing.map(async (number) => (await list(`#${number}`)).items.filter((run) => run.number === number)),
  );
  return [...items, ...found.flat()].toSorted((x, y) => y.number - x.number);
}
