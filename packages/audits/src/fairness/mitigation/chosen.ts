import { AssayError, nearestName, type Problem } from "@assay/schema";
import type { GroupRole, Roles } from "../../roles.ts";
import type { Method, MitigationInput } from "./settings.ts";

/** The columns whose groups are made alike. */
export function chosenNames(input: MitigationInput, roles: Roles): readonly string[] {
  const named = typeof input.by === "string" ? [input.by] : input.by;
  return named.length > 0 ? named : roles.protected.slice(0, 1).map((role) => role.name);
}

export function chosenRoles(input: MitigationInput, roles: Roles): readonly GroupRole[] {
  return chosenNames(input, roles).map((name) => {
    const role = roles.protected.find((one) => one.name === name);
    if (!role) throw new AssayError("internal", `mitigation: "${name}" is not a protected column`);
    return role;
  });
}

/** What a method learns from, besides label and groups. */
export function learnsFrom(method: Method): "features" | "score" {
  return method === "threshold" ? "score" : "features";
}

/** Settings that these roles cannot do, before any work. */
export function mitigationProblems(input: MitigationInput, roles: Roles): readonly Problem[] {
  const problems: Problem[] = [];
  const known = roles.protected.map((role) => role.name);
  const names = chosenNames(input, roles);
  for (const [index, name] of names.entries()) {
    if (!known.includes(name)) {
      const near = nearestName(name, known);
      const cure = near ? `did you mean "${near}"?` : `there are ${known.join(", ")}`;
      problems.push({ at: "by", message: `"${name}" is not a protected column; ${cure}` });
    } else if (names.indexOf(name) !== index) problems.push({ at: "by", message: `"${name}" is listed twice` });
  }
  if (input.split !== "" && !roles.columns.has(input.split)) {
    const near = nearestName(input.split, [...roles.columns.keys()]);
    problems.push({
      at: "split",
      message: `no column "${input.split}" in data${near ? `; did you mean "${near}"?` : ""}`,
    });
  }
  if (roles.label === null && roles.labelText !== null) {
    problems.push({ at: "method", message: "the label has no positive class; name it with columns.positive" });
  }
  const from = learnsFrom(input.method);
  if (from === "score" && roles.score === null) {
    problems.push({ at: "method", message: "threshold needs a score: name columns.score, or a model that gives one" });
  }
  if (from === "features" && roles.features.length === 0) {
    problems.push({ at: "method", message: `${input.method} learns from features: name columns.features` });
  }
  if (input.method === "reduce" && !["demographic-parity", "equalized-odds"].includes(input.constraint)) {
    problems.push({ at: "constraint", message: "reduce knows demographic-parity and equalized-odds" });
  }
  return problems;
}
