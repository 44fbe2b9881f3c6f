import { issueText } from "@assay/schema";
import { z } from "zod";
import { buildModel, type ModelFacts } from "../build-model.ts";
import type { FormatInput } from "../formats.ts";
import { looksLike } from "../looks-like.ts";
import type { Model, ModelInput, ModelOutput } from "../model.ts";
import { modelError } from "../model-error.ts";
import type { ModelProfile } from "../profile.ts";
import type { Program } from "../program/program.ts";
import { gunzip } from "./gunzip.ts";
import { mlpProgram } from "./mlp-program.ts";
import { MlpJson, TreesJson } from "./schema.ts";
import { treesProgram } from "./trees-program.ts";

/** What a JSON model is, compiled. */
export interface CompiledJson {
  readonly program: Program;
  readonly inputs: number;
  readonly features: readonly string[] | null;
  readonly output: Pick<ModelOutput, "classes" | "kind" | "width">;
  readonly parameters: number;
  readonly profile: ModelProfile;
}

/**
 * Opens a model that is written as JSON: trees or a multilayer perceptron.
 * @throws AssayError model-invalid with the place in the file; not-supported for other JSON models, by name
 */
export async function openJson({
  file,
  bytes,
  digest,
  tensorflow,
}: Pick<FormatInput, "bytes" | "digest" | "file" | "tensorflow">): Promise<Model> {
  const text = new TextDecoder().decode(await gunzip(file, bytes));
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw modelError(file, null, `is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const compiled = compile(file, text, data);
  const inputs = Array.from(
    { length: compiled.inputs },
    (_, place): ModelInput => ({
      name: compiled.features?.[place] ?? `x[${place}]`,
      kind: "number",
      tensor: "x",
      place,
      whole: false,
    }),
  );
  const facts: ModelFacts = {
    format: "json",
    file,
    digest,
    sizeBytes: bytes.length,
    externalFiles: [],
    producer: null,
    inputs,
    outputs: [{ name: "output", ...compiled.output }],
    parameters: compiled.parameters,
    profile: compiled.profile,
  };
  return buildModel(facts, compiled.program, null, tensorflow);
}

const kinds = z.object({ kind: z.string() });

function compile(file: string, text: string, data: unknown): CompiledJson {
  const kind = kinds.safeParse(data).data?.kind;
  switch (kind) {
    case "forest":
    case "gbt":
      return treesProgram(file, parsed(file, TreesJson, data));
    case "mlp":
      return mlpProgram(file, parsed(file, MlpJson, data));
    default: {
      const likeness = kind === undefined ? looksLike(new TextEncoder().encode(text.slice(0, 256))) : null;
      if (likeness !== null) throw modelError(file, null, `is ${likeness.what}: ${likeness.advice}`);
      const what = kind === undefined ? "has no kind" : `has kind ${JSON.stringify(kind.slice(0, 60))}`;
      throw modelError(file, null, `is JSON that ${what}; models in JSON are of kind forest, gbt or mlp`);
    }
  }
}

function parsed<T extends z.ZodType>(file: string, schema: T, data: unknown): z.infer<T> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw modelError(file, issue?.path.join(".") ?? null, issue ? issueText(issue) : "is not as it should be");
}
