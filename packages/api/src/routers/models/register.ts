import { AssayError } from "@assay/schema";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { ModelCard, ModelName, ModelVersion } from "../../shapes/model.ts";
import { signedIn } from "../../trpc.ts";

export const register = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/runs/{run}/models",
      tags: ["models"],
      summary:
        "Keep a model that a run made, such as a mitigation's model.onnx, as a version of a model of its project; the same bytes are the same version",
    },
  })
  .input(
    exactly({
      run: z.string(),
      /** The name of a file of the run. */
      file: z.string().default("model.onnx"),
      /** Left out: the name of the run's model, or of its plan, with `mitigated` after it. */
      name: ModelName.optional(),
      /** What is left out is taken from the version before; notes are not. */
      card: exactly(ModelCard.partial().shape).default({}),
    }),
  )
  .output(ModelVersion)
  .mutation(async ({ ctx, input }) => {
    const run = await ctx.stores.runs.get(input.run);
    if (run.status !== "completed" || run.origin === "pushed") {
      throw new AssayError(
        "conflict",
        run.origin === "pushed"
          ? `run ${run.number} was computed elsewhere and pushed: the server has its report and not its files; push the model itself`
          : `run ${run.number} is ${run.status}: only a completed run has files`,
      );
    }
    const digest = await ctx.stores.reports.artifact(run.id, input.file);
    return ctx.services.models.register({
      userId: ctx.user.id,
      run: { id: run.id, project: run.project, number: run.number, dataset: run.dataset?.id ?? null },
      file: { name: input.file, digest },
      name: input.name ?? `${run.model?.name ?? run.title} mitigated`.slice(0, 200),
      card: input.card,
    });
  });
