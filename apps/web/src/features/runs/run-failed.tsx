import { useTranslations } from "next-intl";
import { FaultSentence } from "../../components/fault-sentence.tsx";
import { Answer, Lede, Section } from "../../components/page.tsx";
import { ProblemList } from "../../components/problem-list.tsx";
import type { RunDetail } from "../../trpc/types.ts";
import { RunActions } from "./run-actions.tsx";

/** A run that was stopped or could not be completed: what happened, where, what to do. */
export function RunFailed({ run }: { run: RunDetail }) {
  const t = useTranslations("run.failed");
  const cancelled = run.status === "cancelled";
  const message = run.error?.message.split("\n", 1)[0];
  // A single problem is the message itself, at its place.
  const problems = run.problems.filter((problem) => message?.endsWith(problem.message) !== true);
  return (
    <>
      <Answer>{t(cancelled ? "cancelled" : "title", { number: run.number })}</Answer>
      <Lede>
        {cancelled ? (
          t("cancelledText", run.steps)
        ) : run.error === null ? (
          t("unknown")
        ) : (
          <FaultSentence {...run.error} withKind />
        )}
      </Lede>
      <RunActions run={run} />
      {problems.length === 0 ? null : (
        <Section title={t("problems")}>
          <div className="border-t border-line pt-1">
            <ProblemList problems={problems} />
          </div>
        </Section>
      )}
      <Section title={t("plan")}>
        <pre className="m-0 overflow-x-auto border-t border-line pt-3 font-mono text-xs leading-5">{run.planYaml}</pre>
      </Section>
    </>
  );
}
