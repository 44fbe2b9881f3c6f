import { type LayerProfile, type ProfileSum, profileTotals } from "@assay/models";
import { csvText, type Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { layersFigure } from "./figures.ts";
import type { ProfileSummary } from "./summary.ts";
import { layersTable } from "./tables.ts";
import { intensity } from "./weight.ts";

export async function concludeProfile(
  { sizeBytes, profile }: ProfileSummary,
  _: AuditContext<object>,
): Promise<Conclusion> {
  const { layers } = profile;
  const totals = profileTotals(profile);
  const open = layers.filter((layer) => layer.unknown !== null);
  const because = open.length === 0 ? "" : `not counted: ${open.slice(0, 5).map(nameOf).join(", ")}`;
  const summed = (metric: string, sum: ProfileSum, unit?: string): Measure => ({
    metric,
    ...(sum.complete ? { value: sum.value } : { value: null, reason: `at least ${sum.value}; ${because}` }),
    ...(unit === undefined ? {} : { unit }),
    ...(profile.per === undefined ? {} : { method: `for ${profile.per.en}` }),
  });
  const known = (metric: string, value: number | null, unit: string): Measure => ({
    metric,
    value,
    unit,
    ...(value === null ? { reason: because || "shapes are not known" } : {}),
  });
  const { comparisons } = totals;
  const figure = layersFigure(profile);
  return {
    measures: [
      { metric: "parameters", value: totals.parameters },
      summed("multiply-accumulates", totals.multiplyAccumulates),
      summed("floating-point-operations", totals.operations),
      ...(comparisons === null
        ? []
        : [
            {
              metric: "comparisons",
              value: comparisons.mean,
              method: comparisons.over === "covers" ? "mean over rows trained on" : "mean over leaves",
            },
            { metric: "most-comparisons", value: comparisons.most },
          ]),
      { metric: "size-bytes", value: sizeBytes, unit: "bytes" },
      { metric: "weight-bytes", value: totals.weightBytes, unit: "bytes" },
      summed("activation-bytes", totals.activationBytes, "bytes"),
      known("peak-activation-bytes", profile.peakActivationBytes, "bytes"),
      known("arithmetic-intensity", intensity(layers), "operations per byte"),
    ],
    figures: figure === null ? [] : [figure],
    tables: [layersTable(profile)],
    artifacts: { "layers.csv": layersCsv(layers) },
  };
}

export function nameOf({ name, operator }: LayerProfile): string {
  return name === "" ? operator : `${name} (${operator})`;
}

function layersCsv(layers: readonly LayerProfile[]): string {
  const head =
    "layer,operator,shape,parameters,weight_bytes,multiply_accumulates,operations,comparisons_mean,comparisons_most,input_bytes,activation_bytes,unknown";
  const lines = layers.map((layer) =>
    [
      csvText(layer.name),
      csvText(layer.operator),
      layer.shape?.join("x") ?? "",
      layer.parameters,
      layer.weightBytes,
      layer.multiplyAccumulates ?? "",
      layer.operations ?? "",
      layer.comparisons?.mean ?? "",
      layer.comparisons?.most ?? "",
      layer.inputBytes ?? "",
      layer.activationBytes ?? "",
      csvText(layer.unknown ?? ""),
    ].join(","),
  );
  return `${head}\n${lines.join("\n")}\n`;
}
