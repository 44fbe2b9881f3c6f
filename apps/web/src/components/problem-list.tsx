import type { Problem } from "@assay/schema";

/** Each problem with its place. */
export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className="m-0 mt-2 list-none p-0 text-sm">
      {problems.map((problem) => (
        <li key={`${problem.at} ${problem.message}`} className="mb-1">
          <code className="font-mono text-xs text-muted">{problem.at}</code> {problem.message}
        </li>
      ))}
    </ul>
  );
}
