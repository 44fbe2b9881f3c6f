"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { PlanCheck } from "../../trpc/types.ts";
import { editPlan } from "./edit-plan.ts";

const waitMs = 350;

export interface PlanChecking {
  /** Of the text as it was when the server last answered; `fresh` says whether that is the text now. */
  readonly answer: PlanCheck | undefined;
  readonly fresh: boolean;
  /** Which audits could run on the roles as they last made sense, whichever are chosen. */
  readonly possible: PlanCheck["audits"];
  readonly fault: Fault | null;
}

/** Asks the server, shortly after each change, with the version of the model that was chosen, what is wrong with the plan and which audits it can run. */
export function usePlanCheck(dataset: string, yaml: string, model: string | undefined): PlanChecking {
  const client = useTRPCClient();
  const [settled, setSettled] = useState(yaml);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(yaml), waitMs);
    return () => clearTimeout(timer);
  }, [yaml]);
  const checkOf = (plan: string) => ({
    queryKey: ["plans.check", dataset, plan, model],
    queryFn: () => client.plans.check.mutate({ dataset, plan, model }),
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
  // While the plan has problems, or the server is away, what could run before is the best that is known.
  const known = useRef<PlanCheck["audits"]>([]);
  if (possible.data?.ok === true) known.current = possible.data.audits;
  return {
    answer: check.data,
    fresh: settled === yaml && check.isSuccess && !check.isPlaceholderData,
    possible: known.current,
    fault: check.error === null ? null : faultOf(check.error),
  };
}
