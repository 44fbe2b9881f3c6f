import { LocalizedText } from "@assay/schema";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { signedIn } from "../../trpc.ts";
import { finishedPair } from "./finished-pair.ts";
import { whyRunsUnpaired } from "./why-unpaired.ts";

export const pairing = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/runs/{from}/pairing/{to}",
      tags: ["comparisons"],
      summary: "Whether two completed runs can be compared row by row, and if not, why",
    },
  })
  .input(exactly({ from: z.string(), to: z.string() }))
  .output(z.object({ possible: z.boolean(), reason: LocalizedText.nullable() }))
  .query(async ({ ctx, input }) => {
    const { from, to } = await finishedPair(ctx.stores, input);
    const reason = whyRunsUnpaired(from, to);
    return { possible: reason === null, reason };
  });
