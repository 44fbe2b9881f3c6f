import { isAssayError, issueText } from "@assay/schema";
import { z } from "zod";
import { modelError } from "../model-error.ts";
import type { Graph } from "../onnx/graph.ts";
import type { ReadExternal } from "../onnx/proto/tensor.ts";
import { classOf, type Tokenizer, type TransformersLibrary } from "./library.ts";
import { type ModelConfig, parseJson } from "./read-config.ts";

/** A text as a model reads it. */
export interface EncodedText {
  readonly ids: readonly number[];
  /** Of a tokenizer that gives them; else all zero. */
  readonly types: readonly number[];
  /** Tokens that were left out because the model has no position for them. */
  readonly dropped: number;
}

export interface TextEncoder {
  /** Most tokens of a text. */
  readonly limit: number;
  /** The token that fills a text up, where the graph asks for a fixed number. */
  readonly padding: number;
  encode(text: string): EncodedText;
}

/** Tokens beyond these are no text that a classifier reads, where a model has no limit of its own. */
const mostTokens = 8192;

const TokenizerConfig = z.looseObject({
  tokenizer_class: z.string().optional(),
  model_max_length: z.number().nullish(),
  truncation_side: z.string().optional(),
});

export interface TextOptions {
  readonly file: string;
  readonly library: TransformersLibrary;
  readonly config: ModelConfig;
  readonly graph: Graph;
  readonly external: ReadExternal;
  /** Tokens that the graph asks for, or null for any number. */
  readonly fixed: number | null;
}

/**
 * Makes the tokenizer of a model's folder. Texts with more tokens than the model has positions are cut as the Python library
 * cuts them: special tokens stay.
 * @throws AssayError model-invalid, not-found
 */
export function openTextEncoder({ file, library, config, graph, external, fixed }: TextOptions): TextEncoder {
  const json = z.looseObject({ model: z.looseObject({}) }).safeParse(readJson(file, "tokenizer.json", external));
  if (!json.success) throw modelError(file, "tokenizer.json", "holds no tokenizer: it has no model");
  const settings = TokenizerConfig.safeParse(readJson(file, "tokenizer_config.json", external));
  if (!settings.success) {
    const [issue] = settings.error.issues;
    throw modelError(
      file,
      ["tokenizer_config.json", ...(issue?.path ?? [])].join(": "),
      issue ? issueText(issue) : "is not as it should be",
    );
  }
  const own = settings.data;
  const tokenizer = makeTokenizer(file, library, json.data, own);
  checkVocabulary(file, tokenizer, graph);
  const limit = Math.min(
    mostTokens,
    own.model_max_length && own.model_max_length >= 1 ? Math.floor(own.model_max_length) : mostTokens,
    config.positions ?? mostTokens,
    fixed ?? mostTokens,
  );
  const ask = (text: string, special: boolean) => {
    try {
      const { input_ids, token_type_ids } = tokenizer(text, { add_special_tokens: special, return_tensor: false });
      return { ids: input_ids, types: token_type_ids ?? input_ids.map(() => 0) };
    } catch (cause) {
      throw libraryFault(file, "tokenizer.json", cause);
    }
  };
  return {
    limit,
    padding: tokenizer.pad_token_id ?? 0,
    encode: (text) => {
      const whole = ask(text, true);
      const dropped = whole.ids.length - limit;
      if (dropped <= 0) return { ...whole, dropped: 0 };
      const keepsLast = own.truncation_side === "left";
      // The text's own tokens are those between the special ones.
      const { ids: bare } = ask(text, false);
      const at = placeOf(whole.ids, bare);
      if (at === -1 || bare.length <= dropped) {
        throw modelError(
          file,
          "tokenizer.json",
          `adds tokens to texts that leave no room in the ${limit} of the model`,
        );
      }
      const from = keepsLast ? at : at + bare.length - dropped;
      const cut = (list: readonly number[]) => [...list.slice(0, from), ...list.slice(from + dropped)];
      return { ids: cut(whole.ids), types: cut(whole.types), dropped };
    },
  };
}

/** Where `part` stands in `whole`; −1 where it does not. */
function placeOf(whole: readonly number[], part: readonly number[]): number {
  for (let at = 0; at + part.length <= whole.length; at++) {
    if (part.every((id, index) => whole[at + index] === id)) return at;
  }
  return -1;
}

function makeTokenizer(
  file: string,
  library: TransformersLibrary,
  json: object,
  settings: z.infer<typeof TokenizerConfig>,
): Tokenizer {
  const name = settings.tokenizer_class?.replace(/Fast$/, "") ?? "PreTrainedTokenizer";
  const Known = classOf<Tokenizer>(library, name, library.PreTrainedTokenizer);
  try {
    // A class that the library does not know has its whole rule in tokenizer.json, as in the library itself.
    return Known
      ? new Known(json, settings)
      : (new library.PreTrainedTokenizer(json, settings) as unknown as Tokenizer);
  } catch (cause) {
    throw libraryFault(file, "tokenizer.json", cause);
  }
}

/** A token beyond the rows of the embedding would fail at the first text that has it. */
function checkVocabulary(file: string, tokenizer: Tokenizer, graph: Graph): void {
  const names = new Set(["input_ids"]);
  let rows: number | null = null;
  for (const node of graph.nodes) {
    const [first, second] = node.inputs;
    if (node.operator === "Gather" && second !== undefined && names.has(second)) {
      const size = graph.initializers.get(first ?? "")?.dims[0];
      if (size !== undefined) rows = Math.min(rows ?? size, size);
    } else if (["Cast", "Identity"].includes(node.operator) && first !== undefined && names.has(first)) {
      const [output] = node.outputs;
      if (output) names.add(output);
    }
  }
  const vocabulary = tokenizer.get_vocab();
  const ids = vocabulary instanceof Map ? vocabulary.values() : Object.values(vocabulary);
  let highest = -1;
  for (const id of ids) {
    if (!Number.isSafeInteger(id) || id < 0) {
      throw modelError(
        file,
        "tokenizer.json",
        `has a token of number ${JSON.stringify(id)}; tokens are numbered from 0`,
      );
    }
    if (id > highest) highest = id;
  }
  if (rows === null || highest < rows) return;
  throw modelError(
    file,
    "tokenizer.json",
    `has tokens up to ${highest}, and the graph's embedding ${rows} rows, from 0: they are of different models`,
  );
}

export function readJson(file: string, name: string, external: ReadExternal): unknown {
  return parseJson(file, name, external(name, 0, null));
}

/** What the library says of a file that it does not take, on one line. */
export function libraryFault(file: string, place: string, cause: unknown): Error {
  if (isAssayError(cause)) return cause;
  const message = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, " ").slice(0, 300);
  return modelError(file, place, `Transformers.js does not take it: ${message}`);
}
