import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ModelSpec, type NodeSpec, writeOnnx } from "../onnx/write/write-onnx.ts";

/** Files of a model's folder by their paths in it. */
export type FolderFiles = Readonly<Record<string, string | Uint8Array>>;

/** Writes files into a new folder, and gives its path. */
export function writeFolder(files: FolderFiles, folder: string = mkdtempSync(join(tmpdir(), "assay-model-"))): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] as const;

/** A tokenizer.json as BERT's tokenizer saves it: words of a list, all else [UNK], between [CLS] and [SEP]. */
export function wordPiece(words: readonly string[]): string {
  const vocab = Object.fromEntries([...specials, ...words].map((word, id) => [word, id]));
  const special = (token: string, type_id = 0) => ({ SpecialToken: { id: token, type_id } });
  const sequence = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  return JSON.stringify({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specials.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [special("[CLS]"), sequence("A", 0), special("[SEP]")],
      pair: [special("[CLS]"), sequence("A", 0), special("[SEP]"), sequence("B", 1), special("[SEP]", 1)],
      special_tokens: Object.fromEntries(
        (["[CLS]", "[SEP]"] as const).map((token) => [token, { id: token, ids: [vocab[token]], tokens: [token] }]),
      ),
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab,
    },
  });
}

export function bertTokenizerConfig(length: number | null = 16): string {
  return JSON.stringify({
    tokenizer_class: "BertTokenizer",
    do_lower_case: true,
    ...(length === null ? {} : { model_max_length: length }),
    pad_token: "[PAD]",
    unk_token: "[UNK]",
    cls_token: "[CLS]",
    sep_token: "[SEP]",
  });
}

export interface BagOfWords {
  /** Words with their vectors; special tokens have zeros. */
  readonly words: Readonly<Record<string, readonly number[]>>;
  /** classes × vector. */
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
}

/** The parts of a graph that reads texts as the mean of its tokens' vectors: input_ids, attention_mask → logits. */
export function bagOfWordsSpec({ words, weights, bias }: BagOfWords, inputs: readonly string[] = []): ModelSpec {
  const width = Object.values(words)[0]?.length ?? 1;
  const table = [...specials.map(() => new Array<number>(width).fill(0)), ...Object.values(words)];
  const nodes: readonly NodeSpec[] = [
    { operator: "Gather", name: "embedding", inputs: ["table", "input_ids"], outputs: ["vectors"] },
    { operator: "Cast", inputs: ["attention_mask"], outputs: ["mask"], attributes: { to: { int: 1 } } },
    { operator: "Unsqueeze", inputs: ["mask", "last"], outputs: ["mask3"] },
    { operator: "Mul", inputs: ["vectors", "mask3"], outputs: ["masked"] },
    { operator: "ReduceSum", inputs: ["masked", "one"], outputs: ["sum"], attributes: { keepdims: { int: 0 } } },
    { operator: "ReduceSum", inputs: ["mask", "one"], outputs: ["count"], attributes: { keepdims: { int: 1 } } },
    { operator: "Div", inputs: ["sum", "count"], outputs: ["mean"] },
    {
      operator: "Gemm",
      name: "classifier",
      inputs: ["mean", "weight", "bias"],
      outputs: ["logits"],
      attributes: { transB: { int: 1 } },
    },
  ];
  return {
    producer: "pytorch",
    nodes,
    initializers: [
      { name: "table", type: "float", dims: [table.length, width], values: table.flat() },
      { name: "last", type: "int64", dims: [1], values: [2] },
      { name: "one", type: "int64", dims: [1], values: [1] },
      { name: "weight", type: "float", dims: [weights.length, width], values: weights.flat() },
      { name: "bias", type: "float", dims: [bias.length], values: [...bias] },
    ],
    inputs: ["input_ids", "attention_mask", ...inputs].map((name) => ({
      name,
      type: "int64",
      dims: ["batch", "sequence"],
    })),
    outputs: [{ name: "logits", type: "float", dims: ["batch", weights.length] }],
  };
}

/** What a sentiment model says of words. */
export const sentiment: BagOfWords = {
  words: { good: [2, 0], bad: [0, 2], film: [0.5, 0.5], he: [0, 0.25], she: [0.25, 0], was: [0, 0] },
  weights: [
    [-1, 2],
    [3, -0.5],
  ],
  bias: [0.125, -0.25],
};

export function textConfig(more: object = {}): string {
  return JSON.stringify({
    architectures: ["DistilBertForSequenceClassification"],
    model_type: "distilbert",
    id2label: { 0: "NEGATIVE", 1: "POSITIVE" },
    label2id: { NEGATIVE: 0, POSITIVE: 1 },
    max_position_embeddings: 16,
    pad_token_id: 0,
    ...more,
  });
}

/** The folder of a text classifier, as Optimum exports it for Transformers.js. */
export function textFolder(changes: Readonly<Record<string, string | Uint8Array | null>> = {}): FolderFiles {
  const files: Record<string, string | Uint8Array | null> = {
    "config.json": textConfig(),
    "tokenizer.json": wordPiece(Object.keys(sentiment.words)),
    "tokenizer_config.json": bertTokenizerConfig(),
    "onnx/model.onnx": writeOnnx(bagOfWordsSpec(sentiment)),
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(files).filter((entry): entry is [string, string | Uint8Array] => entry[1] !== null),
  );
}

/** The logits of a text, by hand: words as `sentiment` has them, two special tokens, the mean, the product. */
export function logitsByHand(model: BagOfWords, tokens: readonly string[]): readonly number[] {
  const width = model.weights[0]?.length ?? 0;
  const mean = Array.from(
    { length: width },
    (_, place) => tokens.reduce((sum, token) => sum + (model.words[token]?.[place] ?? 0), 0) / (tokens.length + 2),
  );
  return model.weights.map(
    (row, index) => row.reduce((sum, weight, place) => sum + weight * (mean[place] ?? 0), 0) + (model.bias[index] ?? 0),
  );
}

export function softmaxByHand(logits: readonly number[]): readonly number[] {
  const sum = logits.reduce((total, one) => total + Math.exp(one), 0);
  return logits.map((one) => Math.exp(one) / sum);
}
