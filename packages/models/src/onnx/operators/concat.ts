import { asBatch, NotCompiled, type Operator, width } from "../operand.ts";

/** Joins columns along an axis after the rows: nothing is copied. */
export const concatOperator: Operator = {
  domain: "",
  name: "Concat",
  compile: (node, inputs) => {
    const batches = inputs.map((input) => asBatch(node, input));
    const [first] = batches;
    if (!first) throw node.fault("no inputs");
    const rank = first.dims.length + 1;
    const given = node.int("axis") ?? 1;
    const axis = (given < 0 ? given + rank : given) - 1;
    if (axis < 0 || axis >= first.dims.length) throw new NotCompiled(`${node.place} joins along axis ${given}`);
    for (const batch of batches) {
      if (batch.element !== first.element) throw node.fault(`joins ${first.element} and ${batch.element}`);
      const fits =
        batch.dims.length === first.dims.length && batch.dims.every((dim, at) => at === axis || dim === first.dims[at]);
      if (!fits) throw node.fault(`joins rows of shapes [${first.dims.join(", ")}] and [${batch.dims.join(", ")}]`);
    }
    const outer = width(first.dims.slice(0, axis));
    const columns = Array.from({ length: outer }, (_, index) =>
      batches.flatMap((batch) => {
        const size = width(batch.dims.slice(axis));
        return batch.columns.slice(index * size, (index + 1) * size);
      }),
    ).flat();
    const joined = batches.reduce((sum, batch) => sum + (batch.dims[axis] ?? 0), 0);
    return [{ ...first, dims: first.dims.map((dim, at) => (at === axis ? joined : dim)), columns }];
  },
};
