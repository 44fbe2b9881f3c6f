"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { faultOf } from "../../trpc/fault.ts";

const retryMs = 3000;

/** Says so, over the page, while the server does not answer, and takes it back when it does. */
export function Connection() {
  const t = useTranslations("fault");
  const queries = useQueryClient();
  const [down, setDown] = useState(false);

  useEffect(() => {
    const suspect = (error: unknown) => {
      if (faultOf(error).code === "unreachable") setDown(true);
    };
    const onOffline = () => setDown(true);
    window.addEventListener("offline", onOffline);
    const leaveQueries = queries.getQueryCache().subscribe((event) => {
      if (event.type === "updated" && event.action.type === "error") suspect(event.action.error);
    });
    const leaveMutations = queries.getMutationCache().subscribe((event) => {
      if (event.type === "updated" && event.action.type === "error") suspect(event.action.error);
    });
    return () => {
      window.removeEventListener("offline", onOffline);
      leaveQueries();
      leaveMutations();
    };
  }, [queries]);

  useEffect(() => {
    if (!down) return;
    const timer = setInterval(async () => {
      try {
        const answer = await fetch("/healthz", { cache: "no-store" });
        if (!answer.ok) return;
        setDown(false);
        await queries.invalidateQueries();
      } catch {
        // Still down; asked again at the next tick.
      }
    }, retryMs);
    return () => clearInterval(timer);
  }, [down, queries]);

  return (
    <div role="status" className="fixed top-3 left-1/2 z-40 -translate-x-1/2">
      {down ? <p className="m-0 rounded-md bg-ink px-4 py-2 text-sm text-paper shadow-float">{t("down")}</p> : null}
    </div>
  );
}
