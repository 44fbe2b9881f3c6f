import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { AssayError, type ErrorCode, type Problem, type ReportModel, reviveError } from "@assay/schema";

export interface ModelRequest {
  readonly path: string;
  readonly fileName: string;
  /** Columns of an input whose width the file leaves open; null: as the file says. */
  readonly columns: number | null;
}

export type ModelReply =
  | { readonly about: ReportModel }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly problems: readonly Problem[] } };

/** Opening takes seconds at most; what takes this long would never end. */
const timeoutMs = 120_000;

/**
 * Opens a model file and tells what it is. A process of its own does it: models come from anywhere, a runtime of native
 * code reads some of them, and one that ends or never returns must take nothing else with it.
 * @throws AssayError model-invalid, not-supported, data-too-large
 */
export function readModel(request: ModelRequest): Promise<ReportModel> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("./read-model-process.js", import.meta.url)), {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const end = (): void => {
      clearTimeout(timer);
      child.kill("SIGKILL");
    };
    const timer = setTimeout(() => {
      end();
      const seconds = timeoutMs / 1000;
      reject(invalid(request, `could not be opened in ${seconds} seconds; save a smaller or simpler model`));
    }, timeoutMs);
    child.once("message", (reply: ModelReply) => {
      end();
      if ("error" in reply) reject(reviveError(reply.error));
      else resolve(reply.about);
    });
    child.once("error", (cause) => {
      end();
      reject(new AssayError("internal", `${request.fileName} could not be read: ${cause.message}`, { cause }));
    });
    // After a message this rejects nothing: the promise is settled.
    child.once("exit", (code, signal) => {
      end();
      reject(
        invalid(request, `ended the process that opened it (${signal ?? `code ${code}`}); export the model again`),
      );
    });
    child.send(request);
  });
}

function invalid({ fileName }: ModelRequest, message: string): AssayError {
  return new AssayError("model-invalid", `${fileName}: ${message}`, { problems: [{ at: fileName, message }] });
}
