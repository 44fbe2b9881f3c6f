import type { FileRequest } from "@assay/dataset";
import type { Problem } from "@assay/schema";
import type { Roles } from "../../roles.ts";
import type { Input } from "./settings.ts";

/** A column that groups are described by. */
export interface SearchedColumn {
  readonly name: string;
  readonly request: FileRequest;
}

/**
 * Protected columns, then features, each once; or those that the settings name. A protected column's own bands are kept;
 * of numbers without bands the feature is taken, which is put into bins. What is decided on and by is no description.
 */
export function searchedColumns({ columns }: Pick<Input, "columns">, roles: Roles): readonly SearchedColumn[] {
  const known = knownColumns(roles);
  const outcomes = outcomeColumns(roles);
  const names =
    columns.length > 0
      ? [...new Set(columns)]
      : [...new Set([...roles.protected, ...roles.features].map((role) => role.name))].filter(
          (name) => !outcomes.has(name),
        );
  return names.flatMap((name) => {
    const request = known.get(name);
    return request ? [{ name, request }] : [];
  });
}

/** What of the setting `columns` cannot be searched. */
export function columnProblems({ columns }: Pick<Input, "columns">, roles: Roles): readonly Problem[] {
  const known = knownColumns(roles);
  const outcomes = outcomeColumns(roles);
  const problems = columns.flatMap((name, index): Problem[] => {
    const at = `columns[${index}]`;
    if (roles.identifiers.includes(name)) {
      return [{ at, message: `"${name}" is an identifier: it names people, and describes no group of them` }];
    }
    if (outcomes.has(name)) return [{ at, message: `"${name}" holds what is judged here, and describes no group` }];
    if (known.has(name)) return [];
    return [
      {
        at,
        message: `"${name}" is no protected, control, sensitive or quasi-identifying column and no feature of the plan; give it one of these roles`,
      },
    ];
  });
  if (problems.length === 0 && searchedColumns({ columns }, roles).length === 0) {
    return [
      { at: "columns", message: "no column is left to describe groups by: all of them hold what is judged here" },
    ];
  }
  return problems;
}

function knownColumns(roles: Roles): ReadonlyMap<string, FileRequest> {
  const known = new Map<string, FileRequest>();
  for (const role of [...roles.sensitive, ...roles.quasiIdentifiers, ...roles.control])
    known.set(role.name, role.request);
  for (const { name, request } of roles.features) known.set(name, request);
  for (const { name, request } of roles.protected) {
    if (request.kind === "bands" || known.get(name)?.kind !== "number") known.set(name, request);
  }
  return known;
}

function outcomeColumns(roles: Roles): ReadonlySet<string> {
  const requests = [roles.label, roles.labelText, roles.decision, roles.prediction];
  return new Set(requests.flatMap((request) => (request && request.kind !== "model" ? [request.column] : [])));
}
