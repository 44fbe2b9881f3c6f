import { describeModel } from "@assay/audits";
import { openModel } from "@assay/models/node";
import { isAssayError } from "@assay/schema";
import type { ModelReply, ModelRequest } from "./read-model.ts";

/** Opens one model, tells what it is, and is ended by whoever asked. */
async function read({ path, fileName, columns }: ModelRequest): Promise<ModelReply> {
  const model = await openModel(path, { name: fileName, ...(columns === null ? {} : { columns }) });
  return { about: describeModel(model) };
}

process.once("message", (request: ModelRequest) => {
  read(request)
    .catch((error: unknown): ModelReply => {
      if (isAssayError(error)) return { error: { code: error.code, message: error.message, problems: error.problems } };
      return {
        error: { code: "internal", message: error instanceof Error ? error.message : String(error), problems: [] },
      };
    })
    .then((reply) => process.send?.(reply));
});
// The server is gone: nobody waits for the answer.
process.once("disconnect", () => process.exit(1));
