"use client";

import { useTranslations } from "next-intl";
import { FaultText } from "../../components/fault-text.tsx";
import type { Fault } from "../../trpc/fault.ts";
import { workerGone } from "./audit-worker.ts";

type Kind = "gone" | "gpuFailed" | "gpuLost" | "gpuMemory" | "gpuTimeout" | "gpuUnavailable" | "memory" | "other";

/** A failure that the processor would not have, where the work was on a GPU. */
export const isGpuFault = (fault: Fault): boolean => kindOf(fault).startsWith("gpu");

/** What happened in this tab, what to do about it, and then the words of what failed. */
export function Failure({ fault }: { fault: Fault }) {
  const t = useTranslations("tabAudit.failures");
  const kind = kindOf(fault);
  if (kind === "other") {
    return (
      <>
        <FaultText fault={fault} className="mb-3 max-w-[68ch] text-sm" />
        <p className="m-0 mb-6 max-w-[68ch] text-sm text-muted">{t("kept")}</p>
      </>
    );
  }
  return (
    <div role="alert" className="mb-6 max-w-[68ch] text-sm">
      <p className="m-0 mb-2 text-fail">
        <span aria-hidden="true">▲ </span>
        {t(`${kind}.what`)}
      </p>
      <p className="m-0 mb-2">
        {t(`${kind}.do`)} {t("kept")}
      </p>
      <p lang="en" className="m-0 text-muted">
        {fault.message}
      </p>
    </div>
  );
}

function kindOf({ code, message }: Fault): Kind {
  switch (code) {
    case "data-too-large":
      return "memory";
    case "device-failed":
      return "gpuFailed";
    case "device-lost":
      return "gpuLost";
    case "device-out-of-memory":
      return message.startsWith("cpu") ? "memory" : "gpuMemory";
    case "device-timeout":
      return "gpuTimeout";
    case "device-unavailable":
      return message.startsWith("cpu") ? "other" : "gpuUnavailable";
    case "internal":
      return message === workerGone ? "gone" : "other";
    default:
      return "other";
  }
}
