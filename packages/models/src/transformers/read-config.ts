import { issueText } from "@assay/schema";
import { z } from "zod";
import { modelError, shown } from "../model-error.ts";

export const tasks = ["audio-classification", "image-classification", "text-classification"] as const;
export type Task = (typeof tasks)[number];

/** What a model's config.json tells that is needed here. */
export interface ModelConfig {
  readonly task: Task;
  readonly architecture: string;
  readonly modelType: string;
  readonly classes: readonly string[];
  /** softmax over classes, the sigmoid of one, or the number itself. */
  readonly output: "sigmoid" | "softmax" | "value";
  /** Positions that the model has, and how many of them texts cannot use; null where the file does not tell. */
  readonly positions: number | null;
}

const Config = z.looseObject({
  architectures: z.array(z.string()).min(1).optional(),
  model_type: z.string().optional(),
  id2label: z.record(z.string(), z.string()).optional(),
  num_labels: z.int().min(1).max(1_000_000).optional(),
  problem_type: z.string().nullish(),
  max_position_embeddings: z.int().nullish(),
  pad_token_id: z.int().nullish(),
});

/** Sequence classifiers of these kinds hear; those of all others read. */
const audioTypes = [
  "data2vec-audio",
  "hubert",
  "sew",
  "sew-d",
  "unispeech",
  "unispeech-sat",
  "wav2vec2",
  "wav2vec2-bert",
  "wav2vec2-conformer",
  "wavlm",
];

/** Kinds whose first text position is the one after the padding's. */
const offsetTypes = [
  "camembert",
  "data2vec-text",
  "ibert",
  "longformer",
  "mpnet",
  "roberta",
  "roberta-prelayernorm",
  "xlm-roberta",
  "xlm-roberta-xl",
];

/** What models of other heads do, by the end of their architecture's name. */
const others: readonly (readonly [RegExp, string])[] = [
  [/(CausalLM|LMHeadModel|ConditionalGeneration|Seq2SeqLM|Vision2Seq)$/, "writes texts"],
  [/(ForCTC|SpeechSeq2Seq)$/, "writes down speech"],
  [/TokenClassification$/, "names the parts of a text"],
  [/QuestionAnswering$/, "answers questions"],
  [/MultipleChoice$/, "chooses among answers"],
  [/(MaskedLM|PreTraining|NextSentencePrediction)$/, "fills gaps in texts"],
  [/(ObjectDetection|Segmentation|DepthEstimation|ImageToImage)$/, "finds things in images"],
  [/(Model|SentenceTransformer)$/, "gives embeddings, and no classes"],
];

/**
 * Reads a model's config.json.
 * @throws AssayError model-invalid with the place in the file; not-supported for a task that is not run, by name
 */
export function readConfig(file: string, bytes: Uint8Array): ModelConfig {
  const place = "config.json";
  const parsed = Config.safeParse(parseJson(file, place, bytes));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw modelError(
      file,
      [place, ...(issue?.path ?? [])].join(": "),
      issue ? issueText(issue) : "is not as it should be",
    );
  }
  const config = parsed.data;
  const [architecture] = config.architectures ?? [];
  if (architecture === undefined) {
    throw modelError(
      file,
      place,
      "names no architectures, which tell what the model does; save the model anew with save_pretrained",
    );
  }
  const modelType = config.model_type ?? "";
  const task = taskOf(architecture, modelType);
  if (task === null) {
    const does = others.find(([end]) => end.test(architecture))?.[1];
    throw modelError(
      file,
      place,
      `a model of architecture ${shown(architecture)}${does ? ` ${does}` : ""}; run are those that give whole texts, images or sounds a class: …ForSequenceClassification, …ForImageClassification, …ForAudioClassification`,
      "not-supported",
    );
  }
  const classes = classesOf(file, config.id2label, config.num_labels ?? 2);
  const multiple = config.problem_type === "multi_label_classification";
  if (multiple && classes.length > 1) {
    throw modelError(
      file,
      `${place}: problem_type`,
      `its ${classes.length} labels are independent of each other (${classes.slice(0, 4).map(shown).join(", ")}${classes.length > 4 ? ", …" : ""}): none of them is the class of a text; save the model with a head for the one label to audit`,
      "not-supported",
    );
  }
  const positions = config.max_position_embeddings ?? null;
  const used = offsetTypes.includes(modelType) ? (config.pad_token_id ?? 1) + 1 : 0;
  return {
    task,
    architecture,
    modelType,
    classes,
    output: config.problem_type === "regression" ? "value" : classes.length === 1 ? "sigmoid" : "softmax",
    positions: positions === null || positions - used < 1 ? null : positions - used,
  };
}

function taskOf(architecture: string, modelType: string): Task | null {
  if (/ForAudioClassification$/.test(architecture)) return "audio-classification";
  if (/ForImageClassification(WithTeacher)?$/.test(architecture)) return "image-classification";
  if (!/ForSequenceClassification$/.test(architecture)) return null;
  return audioTypes.includes(modelType) ? "audio-classification" : "text-classification";
}

/** Names of the classes in the order of the outputs. */
function classesOf(
  file: string,
  id2label: Readonly<Record<string, string>> | undefined,
  count: number,
): readonly string[] {
  const place = "config.json: id2label";
  if (id2label === undefined) return Array.from({ length: count }, (_, index) => `LABEL_${index}`);
  const names = Object.keys(id2label);
  if (names.length === 0) throw modelError(file, place, "is empty; it names each class");
  const classes = names.map((_, index) => {
    const name = Object.hasOwn(id2label, String(index)) ? id2label[String(index)] : undefined;
    if (name === undefined)
      throw modelError(file, place, `names ${names.length} classes, and none for output ${index}`);
    return name;
  });
  const twice = classes.find((name, index) => classes.indexOf(name) !== index);
  if (twice !== undefined) throw modelError(file, place, `names two classes ${shown(twice)}`);
  return classes;
}

/** @throws AssayError model-invalid */
export function parseJson(file: string, place: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/\s+/g, " ").slice(0, 200) : String(cause);
    throw modelError(file, place, `is no JSON: ${why}`);
  }
}
