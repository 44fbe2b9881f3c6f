import { cache } from "react";
import { answerOf, api } from "../../trpc/server.ts";
import type { Project } from "../../trpc/types.ts";

/** A project by its slug; the not-found page where there is none. Asked once per request. */
export const findProject = cache(
  async (slug: string): Promise<Project> => answerOf((await api()).projects.get.query({ project: slug })),
);
