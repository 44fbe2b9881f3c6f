import { describeModel } from "@assay/audits/describe";
import { openModel } from "@assay/models/node";
import { isAssayError, type ReportModel } from "@assay/schema";
import type { ModelReply, ModelRequest } from "./read-model.ts";

/** A process that holds more is ended, and another opens the next model. */
const heldBytes = 256e6;

/** Opens models, one after another, and tells what they are. Whoever asked ends it. */
async function read({ path, fileName, columns }: ModelRequest): Promise<ModelReply> {
  const open = async (width: number | null): Promise<ModelReply> => {
    const model = await openModel(path, { name: fileName, ...(width === null ? {} : { columns: width }) });
    const about: ReportModel = describeModel(model);
    // What our own code alone has read can have harmed nothing; of a runtime's native code nobody knows.
    const again = model.runtime === "kernels" && process.memoryUsage.rss() < heldBytes;
    await model.dispose();
    return { about, again };
  };
  if (columns !== "open") return open(columns);
  try {
    return await open(null);
  } catch (error) {
    if (!isAssayError(error) || error.code !== "model-invalid") throw error;
    // A file that is sound but for an open width has no inputs until a plan gives their number.
    const reply = await open(1).catch(() => null);
    if (reply === null || "error" in reply) throw error;
    return { ...reply, about: { ...reply.about, inputs: [] } };
  }
}

process.on("message", (request: ModelRequest) => {
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
