import type { FileRequest } from "@assay/dataset";
import { nearestName, type Plan, type Problem, type ReportColumn, type ReportModel } from "@assay/schema";
import { shortList } from "./short-list.ts";

/** What binding needs to know of a model. */
export type KnownModel = Pick<
  ReportModel,
  "classes" | "differentiable" | "format" | "inputs" | "link" | "output" | "structure"
>;

/** A model's input, bound to a column. */
export interface ModelInput {
  readonly column: string;
  readonly request: FileRequest;
  /** number: the value itself, or the place of the text in `categories`. category: the text. */
  readonly kind: "category" | "number";
  readonly categories: readonly string[] | null;
}

export type ModelOutput = "decision" | "prediction" | "score";

/** The plan's model, bound to the data. */
export interface ModelRole {
  readonly inputs: readonly ModelInput[];
  /** The columns of the inputs, in order. */
  readonly features: readonly string[];
  /** What the model can say of a row. */
  readonly outputs: ReadonlySet<ModelOutput>;
  /** The same where the plan names no column for any of it, else nothing: columns come first. */
  readonly gives: ReadonlySet<ModelOutput>;
  /** What it gives is a prediction of numbers: a regression. Its prediction is its score's column. */
  readonly predictsNumbers: boolean;
  /** The positive class of a classifier; null where the model has no classes. */
  readonly positive: string | null;
  /** Decision = score ≥ threshold. */
  readonly threshold: number;
  readonly about: KnownModel;
}

interface Typed {
  readonly type: ReportColumn["type"];
}

/** Binds a plan's model to columns of known types. Null where the plan has none; every problem is told. */
export function bindModel(
  plan: Plan,
  columns: ReadonlyMap<string, Typed>,
  model: KnownModel | null,
): { readonly role: ModelRole | null; readonly problems: readonly Problem[] } {
  const { decision, features: listed } = plan.columns;
  const problems: Problem[] = [];
  if (model === null) {
    if (plan.model !== undefined) {
      problems.push({
        at: "model.file",
        message: `model ${plan.model.file ?? ""} is not at hand here; give it with the plan`,
      });
    } else if (typeof decision === "object" && !("column" in decision)) {
      problems.push({
        at: "columns.decision",
        message: "at_least alone cuts a model's score; name the column, or give a model",
      });
    }
    return { role: null, problems };
  }
  const categories = typeof plan.model?.categories === "object" ? plan.model.categories : {};
  for (const name of Object.keys(categories)) {
    if (columns.has(name)) continue;
    const near = nearestName(name, [...columns.keys()]);
    const cure = near ? `; did you mean "${near}"?` : "";
    problems.push({ at: `model.categories.${name}`, message: `no column "${name}" in data${cure}` });
  }
  const isEndpoint = model.format === "endpoint";
  if (isEndpoint && model.inputs.length === 0) {
    problems.push({
      at: "columns.features",
      message: "list the columns that the endpoint is sent, in order, or give model.endpoint.inputs",
    });
    return { role: null, problems };
  }
  const features = listed.length > 0 ? listed : model.inputs.map((input) => input.name);
  if (listed.length === 0 && !features.every((name) => columns.has(name))) {
    const count = features.length === 1 ? "1 input" : `${features.length} inputs`;
    problems.push({
      at: "columns.features",
      message: `the model takes ${count} (${shortList(features)}) that are no columns of the data; list the columns to give, in this order`,
    });
    return { role: null, problems };
  }
  if (features.length !== model.inputs.length) {
    problems.push({
      at: "columns.features",
      message: `the model takes ${model.inputs.length} inputs (${shortList(model.inputs.map((input) => input.name))}), the plan lists ${features.length} features`,
    });
    return { role: null, problems };
  }
  const named = model.inputs.map((input) => input.name);
  if (listed.some((name, index) => name !== named[index]) && [...listed].sort().join() === [...named].sort().join()) {
    problems.push({
      at: "columns.features",
      message: `the features are the model's own inputs in another order; list them as it has them (${shortList(named)}), or leave them out`,
    });
    return { role: null, problems };
  }
  problems.push(...labelProblems(plan, model));
  const inputs = features.flatMap((column, index): ModelInput[] => {
    const input = model.inputs[index];
    const type = columns.get(column)?.type;
    if (input === undefined || type === undefined) return [];
    const numeric = type === "integer" || type === "number";
    // A column may be called "constructor".
    const listedTexts = Object.hasOwn(categories, column) ? (categories[column] ?? null) : null;
    if (input.kind === "category" || listedTexts !== null) {
      return [{ column, request: { kind: "text", column }, kind: input.kind, categories: listedTexts }];
    }
    if (!numeric) {
      problems.push({
        at: listed.length > 0 ? `columns.features[${index}]` : "columns.features",
        message: `column "${column}" holds ${type}, the model's input "${input.name}" takes numbers; list its texts in the model's order under model.categories, or ${isEndpoint ? "give the input kind: category" : "export the model with its encoder"}`,
      });
      return [];
    }
    return [{ column, request: { kind: "number", column }, kind: "number", categories: null }];
  });
  const predictsNumbers = isRegression(plan, columns, model);
  const gives: ReadonlySet<ModelOutput> = predictsNumbers ? new Set(["prediction"]) : outputsOf(plan, model);
  return {
    role: {
      inputs,
      features,
      outputs: outputsOf(plan, model),
      gives: hasColumns(plan) ? new Set() : gives,
      predictsNumbers,
      positive: positiveClass(plan, model),
      threshold: typeof decision === "object" && !("column" in decision) ? decision.at_least : 0.5,
      about: model,
    },
    problems,
  };
}

function hasColumns(plan: Plan): boolean {
  const { decision, prediction, score } = plan.columns;
  const cuts = typeof decision === "object" && !("column" in decision);
  return score !== undefined || prediction !== undefined || (decision !== undefined && !cuts);
}

/** One number without classes beside a label with decimals, and nothing that speaks of a positive class or a cut. */
function isRegression(plan: Plan, columns: ReadonlyMap<string, Typed>, { classes, output }: KnownModel): boolean {
  const { decision, label, positive, query } = plan.columns;
  if (output !== "value" || classes !== null || positive !== undefined || decision !== undefined) return false;
  return query === undefined && label !== undefined && columns.get(label)?.type === "number";
}

/** Of several classes and none called positive there is only the predicted one to tell. */
function outputsOf(plan: Plan, model: KnownModel): ReadonlySet<ModelOutput> {
  const many = (model.classes?.length ?? 2) > 2 && plan.columns.positive === undefined;
  if (many) return new Set(["prediction"]);
  return model.output === "label" ? new Set(["decision"]) : new Set(["decision", "score"]);
}

/** The class that `positive` names, else the last; spelled as the plan spells it, so that the label column agrees. */
function positiveClass(plan: Plan, model: KnownModel): string | null {
  if (plan.columns.positive !== undefined) return plan.columns.positive;
  return model.classes !== null && model.classes.length <= 2 ? (model.classes.at(-1) ?? null) : null;
}

/** Where the positive class stands among a classifier's outputs: by text, then by number (`1` is `1.0`), else the last. */
export function positivePlace(positive: string | null, classes: readonly string[]): number {
  const place = positive === null ? -1 : placeOfClass(positive, classes);
  return place === -1 ? classes.length - 1 : place;
}

/** −1 where no class is called so. */
function placeOfClass(positive: string, classes: readonly string[]): number {
  const exact = classes.indexOf(positive);
  if (exact !== -1) return exact;
  const value = Number(positive);
  return positive.trim() === "" ? -1 : classes.findIndex((name) => name.trim() !== "" && Number(name) === value);
}

/** A model that gives labels alone, none of which is the positive one, would decide no about everybody. */
function labelProblems(plan: Plan, { classes, output }: KnownModel): readonly Problem[] {
  const { positive } = plan.columns;
  if (output !== "label" || classes === null || positive === undefined) return [];
  if (placeOfClass(positive, classes) !== -1) return [];
  const told = classes.slice(0, 8).map((name) => `"${name}"`);
  const all = classes.length > 8 ? `${told.join(", ")} and ${classes.length - 8} more` : told.join(", ");
  const near = nearestName(positive, classes);
  return [
    {
      at: "columns.positive",
      message: `the model gives labels alone, and "${positive}" is none of them: ${all}${near ? `; did you mean "${near}"?` : "; every decision would be negative"}`,
    },
  ];
}
