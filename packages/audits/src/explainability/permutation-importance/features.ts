import { nearestName, type Problem } from "@assay/schema";
import type { Roles } from "../../roles.ts";
import type { ImportanceInput } from "./settings.ts";

/** Inputs of the model that are shuffled together. */
export interface ShuffledFeature {
  readonly name: string;
  /** Places among the model's inputs. */
  readonly inputs: readonly number[];
}

/** What is shuffled, in the order of the model's inputs: groups under their name, other columns one by one. */
export function shuffledFeatures(input: ImportanceInput, roles: Roles): readonly ShuffledFeature[] {
  const groupOf = new Map(
    Object.entries(input.groups).flatMap(([group, members]) => members.map((member) => [member, group] as const)),
  );
  const features = new Map<string, number[]>();
  for (const [place, column] of (roles.model?.features ?? []).entries()) {
    const name = groupOf.get(column) ?? column;
    features.set(name, [...(features.get(name) ?? []), place]);
  }
  return [...features].map(([name, inputs]) => ({ name, inputs }));
}

/** Of several classes and none called positive only the share of right ones can be told. */
export function scoreProblems(input: ImportanceInput, roles: Roles): readonly Problem[] {
  if (roles.model === null || roles.label !== null || input.score === "auto" || input.score === "accuracy") return [];
  return [
    {
      at: "score",
      message: `${input.score} speaks of one class against the others; name it with columns.positive, or take accuracy`,
    },
  ];
}

/** Groups of columns that are no inputs, columns in two groups, and groups named after a column outside them. */
export function groupProblems(input: ImportanceInput, roles: Roles): readonly Problem[] {
  const columns = roles.model?.features ?? [];
  if (roles.model === null) return [];
  const seen = new Map<string, string>();
  const named = Object.entries(input.groups).flatMap(([group, members]): Problem[] =>
    columns.includes(group) && !members.includes(group)
      ? [
          {
            at: `groups.${group}`,
            message: `"${group}" is also an input that is not in the group; give the group another name, or list the column in it`,
          },
        ]
      : [],
  );
  const problems = Object.entries(input.groups).flatMap(([group, members]) =>
    members.flatMap((member, index): Problem[] => {
      const at = `groups.${group}[${index}]`;
      const other = seen.get(member);
      seen.set(member, group);
      if (!columns.includes(member)) {
        const near = nearestName(member, columns);
        const cure = near ? `did you mean "${near}"?` : `its inputs are ${columns.join(", ")}`;
        return [{ at, message: `"${member}" is no input of the model; ${cure}` }];
      }
      if (other === undefined) return [];
      return [
        {
          at,
          message: `"${member}" is in ${other === group ? "this group twice" : `${other} too`}; a column is in one group`,
        },
      ];
    }),
  );
  return [...named, ...problems];
}
