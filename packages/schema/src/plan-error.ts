import { AssayError, type Problem } from "./error.ts";

/** The error of a plan that cannot be run, its problems one a line. */
export function planError(name: string, problems: readonly Problem[]): AssayError {
  const lines = problems.map(
    ({ at, message, line }) => `  ${at}: ${message}${line === undefined ? "" : ` (line ${line})`}`,
  );
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new AssayError("plan-invalid", `${name} cannot be run, ${count}:\n${lines.join("\n")}`, { problems });
}
