import { exactly } from "../../shapes/exactly.ts";
import { Project, ProjectName } from "../../shapes/project.ts";
import { signedIn } from "../../trpc.ts";

export const create = signedIn
  .meta({ openapi: { method: "POST", path: "/projects", tags: ["projects"], summary: "Make a project" } })
  .input(exactly({ name: ProjectName }))
  .output(Project)
  .mutation(({ ctx, input }) => ctx.stores.projects.create(ctx.organizationId, input.name));
