import { AssayError, digestJson } from "@assay/schema";
import { buildModel, type Runner } from "../build-model.ts";
import type { Column } from "../columns.ts";
import type { Model, ModelInput, ModelOutput, OutputValues } from "../model.ts";
import { joinOutputs } from "../output-values.ts";
import { type Asking, ask } from "./ask.ts";
import type { EndpointHost } from "./host.ts";
import { Pace } from "./pace.ts";
import { withValueAt } from "./place.ts";
import { readAnswer } from "./read-answer.ts";
import { rowsAsJson } from "./rows-as-json.ts";
import { EndpointSettings } from "./settings.ts";

/** An answer is JSON of all rows of a batch: so many rows are in flight at most, between two looks at the signal. */
const mostRows = 8_192;

/**
 * An HTTP endpoint as a model: rows go out in batches as JSON, in order, and each answer is checked before the next is
 * taken. Its digest is over the settings without headers: what runs behind the address cannot be known.
 * @throws AssayError plan-invalid for settings that do not fit, with every problem
 */
export function openEndpoint(settings: unknown, host: EndpointHost): Model {
  const parsed = EndpointSettings.safeParse(settings);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      at: ["endpoint", ...issue.path].join("."),
      message: issue.message,
    }));
    const [first] = problems;
    throw new AssayError("plan-invalid", `${first?.at}: ${first?.message}`, { problems });
  }
  const own = parsed.data;
  const { headers: _, ...known } = own;
  const inputs = own.inputs.map(
    (input): ModelInput => ({
      name: input.name,
      kind: input.kind,
      tensor: input.name,
      place: 0,
      whole: false,
    }),
  );
  return buildModel(
    {
      format: "endpoint",
      file: own.url,
      digest: digestJson(known),
      sizeBytes: 0,
      externalFiles: [],
      producer: null,
      inputs,
      outputs: outputsOf(own),
      parameters: 0,
    },
    null,
    { runtime: "endpoint", runner: endpointRunner(own, host), reason: `the endpoint ${own.url} runs it` },
  );
}

function outputsOf({ response }: EndpointSettings): readonly ModelOutput[] {
  const classes = response.classes ?? null;
  const outputs: ModelOutput[] = [];
  if (response.score !== undefined) outputs.push({ name: "score", kind: response.kind, classes, width: null });
  if (response.label !== undefined) outputs.push({ name: "label", kind: "label", classes, width: 1 });
  return outputs;
}

function endpointRunner(settings: EndpointSettings, host: EndpointHost): Runner {
  const pace = new Pace(host, settings.per_second ?? null);
  return {
    rows: Math.max(settings.batch, Math.floor(mostRows / settings.batch) * settings.batch),
    run: async (columns, rows, { signal }) => {
      const stop = new AbortController();
      const abort = () => stop.abort();
      if (signal?.aborted) stop.abort();
      signal?.addEventListener("abort", abort, { once: true });
      const asking: Asking = {
        url: settings.url,
        headers: settings.headers,
        timeoutMs: settings.timeout_seconds * 1000,
        retries: settings.retries,
        host,
        pace,
        signal: stop.signal,
      };
      try {
        return await inBatches(settings, columns, rows, asking);
      } catch (error) {
        // Requests beside the one that failed are not waited for.
        stop.abort();
        throw error;
      } finally {
        signal?.removeEventListener("abort", abort);
      }
    },
    dispose: async () => {},
  };
}

async function inBatches(
  settings: EndpointSettings,
  columns: readonly Column[],
  rows: number,
  asking: Asking,
): Promise<readonly OutputValues[]> {
  const starts = Array.from({ length: Math.ceil(rows / settings.batch) }, (_, index) => index * settings.batch);
  const parts = new Array<readonly OutputValues[]>(starts.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < starts.length; index = next++) {
      const start = starts[index] ?? 0;
      const end = Math.min(rows, start + settings.batch);
      const body = withValueAt(settings.request.body, settings.request.rows, rowsAsJson(settings, columns, start, end));
      parts[index] = readAnswer(settings, await ask(body, asking), start, end - start);
    }
  };
  const workers = Math.min(settings.concurrent, starts.length);
  await Promise.all(Array.from({ length: workers }, worker));
  return outputsOf(settings).map((_, index) => joinOutputs(parts.flatMap((part) => part.slice(index, index + 1))));
}
