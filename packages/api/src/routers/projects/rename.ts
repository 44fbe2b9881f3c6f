import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { Project, ProjectName } from "../../shapes/project.ts";
import { signedIn } from "../../trpc.ts";

export const rename = signedIn
  .meta({
    openapi: {
      method: "PATCH",
      path: "/projects/{project}",
      tags: ["projects"],
      summary: "Rename a project; its slug stays",
    },
  })
  .input(exactly({ project: z.string(), name: ProjectName }))
  .output(Project)
  .mutation(({ ctx, input }) => ctx.stores.projects.rename(ctx.organizationId, input.project, input.name));
