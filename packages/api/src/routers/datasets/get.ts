import { z } from "zod";
import { DatasetDetail } from "../../shapes/dataset.ts";
import { exactly } from "../../shapes/exactly.ts";
import { signedIn } from "../../trpc.ts";

export const get = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/datasets/{id}",
      tags: ["datasets"],
      summary: "A dataset with its columns' profile",
    },
  })
  .input(exactly({ id: z.string() }))
  .output(DatasetDetail)
  .query(({ ctx, input }) => ctx.stores.datasets.get(input.id));
