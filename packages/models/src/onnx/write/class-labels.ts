import type { Attribute, ValueSpec } from "./write-onnx.ts";

/** Whole numbers as their texts are printed are written as integers, as converters do; all else as texts. */
export function areIntegers(classes: readonly string[]): boolean {
  return classes.every((text) => Number.isSafeInteger(Number(text)) && String(Number(text)) === text);
}

/** The attribute of a classifier that names its classes. Linear classifiers call integers `classlabels_ints`. */
export function classLabels(
  classes: readonly string[],
  integers: "classlabels_int64s" | "classlabels_ints",
): Readonly<Record<string, Attribute>> {
  return areIntegers(classes)
    ? { [integers]: { ints: classes.map(Number) } }
    : { classlabels_strings: { texts: classes } };
}

/** The outputs of a classifier: `label` [N] and `probabilities` [N, classes]. */
export function classifierOutputs(
  classes: readonly string[],
  fresh: (name: string) => string,
): readonly [label: ValueSpec, probabilities: ValueSpec] {
  return [
    { name: fresh("label"), type: areIntegers(classes) ? "int64" : "string", dims: ["N"] },
    { name: fresh("probabilities"), type: "float", dims: ["N", classes.length] },
  ];
}
