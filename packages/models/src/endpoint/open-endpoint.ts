import {
  AssayError,
  digestJson,
  type Endpoint,
  type EndpointInput,
  endpointAddress,
  type FilledHeaders,
  isAssayError,
  redact,
} from "@assay/schema";
import { buildModel, type Runner } from "../build-model.ts";
import type { Column } from "../columns.ts";
import type { Model, ModelInput, ModelOutput, OutputValues, PredictOptions } from "../model.ts";
import { joinOutputs } from "../output-values.ts";
import { type Asking, ask } from "./ask.ts";
import type { EndpointHost } from "./host.ts";
import { Pace } from "./pace.ts";
import { withValueAt } from "./place.ts";
import { readAnswer } from "./read-answer.ts";
import { rowsAsJson } from "./rows-as-json.ts";

export interface OpenEndpointOptions {
  /** What a row holds, in order: the endpoint's own inputs, else the plan's features. */
  readonly inputs: readonly EndpointInput[];
  readonly filled: FilledHeaders;
  readonly host: EndpointHost;
}

/**
 * An HTTP endpoint as a model; nothing is asked yet. Rows go out in batches as JSON, and each answer is checked before it
 * is taken. Its digest is over the settings without headers: what runs behind the address cannot be known.
 */
export function openEndpoint(endpoint: Endpoint, options: OpenEndpointOptions): Model {
  const { headers: _, ...known } = endpoint;
  const { inputs } = options;
  return buildModel(
    {
      format: "endpoint",
      file: endpointAddress(endpoint),
      digest: digestJson({ ...known, inputs }),
      sizeBytes: 0,
      externalFiles: [],
      producer: null,
      inputs: inputs.map(({ name, kind }): ModelInput => ({ name, kind, tensor: name, place: 0, whole: false })),
      outputs: outputsOf(endpoint),
      parameters: 0,
    },
    null,
    {
      runtime: "endpoint",
      runner: endpointRunner(endpoint, options),
      reason: `the endpoint ${endpointAddress(endpoint)} runs it`,
    },
  );
}

function outputsOf({ response }: Endpoint): readonly ModelOutput[] {
  const classes = response.classes ?? null;
  const outputs: ModelOutput[] = [];
  if (response.score !== undefined) outputs.push({ name: "score", kind: response.kind, classes, width: null });
  if (response.label !== undefined) outputs.push({ name: "label", kind: "label", classes, width: 1 });
  return outputs;
}

function endpointRunner(endpoint: Endpoint, options: OpenEndpointOptions): Runner {
  const { filled, host } = options;
  const pace = new Pace(host, endpoint.per_second ?? null);
  return {
    // It has batches of its own.
    rows: Number.MAX_SAFE_INTEGER,
    run: async (columns, rows, { signal, onRows }) => {
      const stop = new AbortController();
      const abort = () => stop.abort();
      if (signal?.aborted) stop.abort();
      signal?.addEventListener("abort", abort, { once: true });
      const asking: Asking = {
        url: endpoint.url,
        headers: filled.headers,
        secrets: filled.secrets,
        timeoutMs: endpoint.timeout_seconds * 1000,
        retries: endpoint.retries,
        host,
        pace,
        signal: stop.signal,
      };
      try {
        return await inBatches(endpoint, options, { columns, rows, asking, onRows });
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
  endpoint: Endpoint,
  { inputs }: OpenEndpointOptions,
  work: {
    readonly columns: readonly Column[];
    readonly rows: number;
    readonly asking: Asking;
    readonly onRows: PredictOptions["onRows"];
  },
): Promise<readonly OutputValues[]> {
  const { columns, rows, asking, onRows } = work;
  const { batch, request } = endpoint;
  const starts = Array.from({ length: Math.ceil(rows / batch) }, (_, index) => index * batch);
  const parts = new Array<readonly OutputValues[]>(starts.length);
  let next = 0;
  let answered = 0;
  let width: number | null = null;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < starts.length; index = next++) {
      const start = starts[index] ?? 0;
      const end = Math.min(rows, start + batch);
      try {
        const given = rowsAsJson(request.as, inputs, columns, start, end);
        const body = withValueAt(request.body, request.rows, given);
        const part = readAnswer(endpoint, await ask(body, asking), start, end - start, asking.secrets);
        width = sameWidth(part, width);
        parts[index] = part;
      } catch (error) {
        throw placed(error, `${endpointAddress(endpoint)}, ${rangeText(start, end, rows)}`, asking);
      }
      answered += end - start;
      onRows?.(answered);
    }
  };
  await Promise.all(Array.from({ length: Math.min(endpoint.concurrent, starts.length) }, worker));
  return outputsOf(endpoint).map((_, index) => joinOutputs(parts.flatMap((part) => part.slice(index, index + 1))));
}

/** The scores that a row has, where it has scores. @throws AssayError model-invalid where other batches have others */
function sameWidth(part: readonly OutputValues[], before: number | null): number | null {
  const [first] = part;
  if (first === undefined || first.kind === "label") return before;
  if (before === null || first.width === before) return first.width;
  throw new AssayError("model-invalid", `its rows have ${first.width} scores, other rows ${before}`);
}

/** Counted from 1, in the order of the rows that the audit uses. */
function rangeText(start: number, end: number, rows: number): string {
  const range = end - start === 1 ? `row ${end}` : `rows ${start + 1} to ${end}`;
  return `${range} of ${rows}`;
}

/** The error with address and rows before it; whatever an answer held, no secret is in it. */
function placed(error: unknown, place: string, { secrets }: Asking): unknown {
  if (!isAssayError(error) || error.code === "cancelled") return error;
  return new AssayError(error.code, redact(`${place}: ${error.message}`, secrets));
}
