import { z } from "zod";
import { Project } from "../../shapes/project.ts";
import { signedIn } from "../../trpc.ts";

export const list = signedIn
  .meta({ openapi: { method: "GET", path: "/projects", tags: ["projects"], summary: "All projects" } })
  .output(z.array(Project))
  .query(({ ctx }) => ctx.stores.projects.list(ctx.organizationId));
