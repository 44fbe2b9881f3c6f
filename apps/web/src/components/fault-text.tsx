"use client";

import { useTranslations } from "next-intl";
import type { Fault } from "../trpc/fault.ts";
import { FaultSentence } from "./fault-sentence.tsx";
import { ProblemList } from "./problem-list.tsx";

/** What happened, where, and what to do; without blame. */
export function FaultText({ fault, className }: { fault: Fault; className?: string }) {
  const t = useTranslations("fault");
  // One problem is often the whole message already.
  const said = fault.problems.length === 1 && fault.message.includes(fault.problems[0]?.message ?? "");
  return (
    <div role="alert" className={className ?? "mb-4 text-sm"}>
      <p className="m-0 text-fail">
        <span aria-hidden="true">▲ </span>
        {fault.code === "unreachable" ? t("unreachable") : <FaultSentence code={fault.code} message={fault.message} />}
      </p>
      <ProblemList problems={said ? [] : fault.problems} />
    </div>
  );
}
