import type { Problem } from "@assay/schema";
import { useTranslations } from "next-intl";

/** Each problem with its place. */
export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  const t = useTranslations("common");
  if (problems.length === 0) return null;
  return (
    <ul className="m-0 mt-2 list-none p-0 text-sm">
      {problems.map((problem) => (
        <li key={`${problem.at} ${problem.message}`} className="mb-1">
          <code className="font-mono text-xs text-muted">{problem.at}</code> {problem.message}
          {problem.line === undefined ? null : <span className="text-muted"> {t("line", { line: problem.line })}</span>}
        </li>
      ))}
    </ul>
  );
}
