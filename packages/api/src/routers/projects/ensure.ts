import { exactly } from "../../shapes/exactly.ts";
import { Project, ProjectName } from "../../shapes/project.ts";
import { signedIn } from "../../trpc.ts";

export const ensure = signedIn
  .meta({
    openapi: {
      method: "PUT",
      path: "/projects",
      tags: ["projects"],
      summary: "The project of that name, made where it is missing",
    },
  })
  .input(exactly({ name: ProjectName }))
  .output(Project)
  .mutation(({ ctx, input }) => ctx.stores.projects.ensure(ctx.organizationId, input.name));
