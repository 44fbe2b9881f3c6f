import type { NodeSpec, ValueSpec } from "./write-onnx.ts";

/** An input of a model by its name, and the columns that it becomes: numbers as they are, texts by their place or one-hot. */
export type WrittenInput =
  | { readonly name: string; readonly kind: "number" }
  | { readonly name: string; readonly kind: "codes" | "one-hot"; readonly levels: readonly string[] };

export interface WrittenFeatures {
  readonly inputs: readonly ValueSpec[];
  readonly nodes: readonly NodeSpec[];
  /** The float tensor [N, columns] that the nodes make. */
  readonly tensor: string;
  readonly columns: number;
  /** The name itself, or with underscores behind it where it is taken: a column may be called `label`. Takes it. */
  readonly fresh: (name: string) => string;
}

const ml = "ai.onnx.ml";

/** Inputs [N, 1] of float or string, and what makes one tensor of them. */
export function writeInputs(inputs: readonly WrittenInput[], scaler: WrittenScaler | null = null): WrittenFeatures {
  const taken = new Set(inputs.map((input) => input.name));
  const fresh = (name: string) => {
    let free = name;
    while (taken.has(free)) free = `${free}_`;
    taken.add(free);
    return free;
  };
  const nodes: NodeSpec[] = [];
  const parts = inputs.map((input) => {
    if (input.kind === "number") return input.name;
    const [out, flat] = [fresh(`${input.name}_encoded`), fresh(`${input.name}_columns`)];
    if (input.kind === "codes") {
      nodes.push({
        operator: "LabelEncoder",
        domain: ml,
        name: out,
        inputs: [input.name],
        outputs: [out],
        attributes: {
          keys_strings: { texts: input.levels },
          values_floats: { floats: input.levels.map((_, place) => place) },
          default_float: { float: Number.NaN },
        },
      });
      return out;
    }
    nodes.push(
      {
        operator: "OneHotEncoder",
        domain: ml,
        name: out,
        inputs: [input.name],
        outputs: [out],
        attributes: { cats_strings: { texts: input.levels }, zeros: { int: 1 } },
      },
      // [N, 1, levels] to [N, levels].
      { operator: "Flatten", name: flat, inputs: [out], outputs: [flat], attributes: { axis: { int: 1 } } },
    );
    return flat;
  });
  let [tensor = ""] = parts;
  if (parts.length > 1) {
    tensor = fresh("features");
    nodes.push({
      operator: "Concat",
      name: tensor,
      inputs: parts,
      outputs: [tensor],
      attributes: { axis: { int: 1 } },
    });
  }
  if (scaler) {
    const scaled = fresh("scaled");
    nodes.push({
      operator: "Scaler",
      domain: ml,
      name: scaled,
      inputs: [tensor],
      outputs: [scaled],
      attributes: { offset: { floats: [...scaler.offset] }, scale: { floats: [...scaler.scale] } },
    });
    tensor = scaled;
  }
  return {
    inputs: inputs.map(({ name, kind }) => ({ name, type: kind === "number" ? "float" : "string", dims: ["N", 1] })),
    nodes,
    tensor,
    fresh,
    columns: inputs.reduce((sum, input) => sum + (input.kind === "one-hot" ? input.levels.length : 1), 0),
  };
}

/** Columns become (x − offset) · scale. */
export interface WrittenScaler {
  readonly offset: Float64Array;
  readonly scale: Float64Array;
}
