import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { Project } from "../../shapes/project.ts";
import { signedIn } from "../../trpc.ts";

export const get = signedIn
  .meta({
    openapi: { method: "GET", path: "/projects/{project}", tags: ["projects"], summary: "A project, by id or slug" },
  })
  .input(exactly({ project: z.string() }))
  .output(Project)
  .query(({ ctx, input }) => ctx.stores.projects.get(ctx.organizationId, input.project));
