"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { PlanCheck } from "../../trpc/types.ts";
import { editPlan } from "./edit-plan.ts";

const waitMs = 350;

export interface PlanChecking {
  /** Of the text as it was when it was last checked; `fresh` says whether that is the text now. */
  readonly answer: PlanCheck | undefined;
  readonly fresh: boolean;
  /** Which audits could run on the roles as they last made sense, whichever are chosen. */
  readonly possible: PlanCheck["audits"];
  readonly fault: Fault | null;
}

/** What checks a plan's text: the server, or a worker of this tab. */
export interface PlanChecker {
  /** What the text is checked against: data and model. */
  readonly about: readonly (string | number | null)[];
  readonly check: (plan: string) => Promise<PlanCheck>;
}

/** Has a plan checked shortly after each change: what is wrong with it, and which audits it can run. */
export function usePlanCheck({ about, check: ask }: PlanChecker, yaml: string): PlanChecking {
  const [settled, setSettled] = useState(yaml);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(yaml), waitMs);
    return () => clearTimeout(timer);
  }, [yaml]);
  const checkOf = (plan: string) => ({
    queryKey: ["plan-check", ...about, plan],
    queryFn: () => ask(plan),
    // A worker needs no network; and without one the server's silence is an answer too.
    networkMode: "always" as const,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const check = useQuery(checkOf(settled));
  const every = [
    { kind: "audits", chosen: null },
    { kind: "rules", rules: [] },
    { kind: "policy", ids: [] },
  ] as const;
  const possible = useQuery(checkOf(every.reduce(editPlan, settled)));
  // While the plan has problems, or nobody answers, what could run before is the best that is known.
  const known = useRef<PlanCheck["audits"]>([]);
  if (possible.data?.ok === true) known.current = possible.data.audits;
  return {
    answer: check.data,
    fresh: settled === yaml && check.isSuccess && !check.isPlaceholderData,
    possible: known.current,
    fault: check.error === null ? null : faultOf(check.error),
  };
}
