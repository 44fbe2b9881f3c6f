import type { Model } from "@assay/models";
import type { ReportModel } from "@assay/schema";

/** What a report says of a model: facts of its file, or of how its endpoint is asked. */
export function describeModel(model: Model): ReportModel {
  return {
    digest: model.digest,
    // Where the file lies is no fact of it.
    file: model.format === "endpoint" ? model.file : model.file.split(/[/\\]/).at(-1) || model.file,
    ...(model.externalFiles.length === 0
      ? {}
      : { files: [...model.externalFiles].sort((a, b) => (a.name < b.name ? -1 : 1)) }),
    format: model.format,
    sizeBytes: model.sizeBytes,
    parameters: model.format === "endpoint" ? null : model.parameters,
    inputs: model.inputs.map(({ name, kind }) => ({ name, kind })),
    output: model.main.kind,
    structure: model.forest !== null ? "trees" : model.network !== null ? "network" : "other",
    ...(model.gradient === null ? {} : { differentiable: true as const }),
    link: linkOf(model),
    classes: classesOf(model),
  };
}

/** A classifier's classes; numbered where the file names none. */
function classesOf({ main, label }: Model): string[] | null {
  const named = main.classes ?? label?.classes ?? null;
  if (named !== null) return [...named];
  if (main.kind !== "probabilities" || main.width === null) return null;
  return Array.from({ length: Math.max(2, main.width) }, (_, place) => String(place));
}

/** What every column of the main output is of the sums of trees, where all are the same. */
function linkOf({ forest }: Model): ReportModel["link"] {
  const kinds = new Set((forest?.links ?? []).map(({ link }) => link));
  const [only] = kinds;
  return kinds.size === 1 ? (only ?? null) : null;
}
