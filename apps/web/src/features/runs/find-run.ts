import { notFound } from "next/navigation";
import { cache } from "react";
import { answerOf, api } from "../../trpc/server.ts";
import type { RunDetail } from "../../trpc/types.ts";

/** A project's run by its number; the not-found page where there is none. */
export const findRun = cache(async (slug: string, number: string): Promise<RunDetail> => {
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound();
  const client = await api();
  const { items } = await answerOf(client.runs.list.query({ project: slug, search: `#${number}`, pageSize: 200 }));
  const run = items.find((item) => item.number === Number(number));
  if (run === undefined) notFound();
  return answerOf(client.runs.get.query({ id: run.id }));
});
