"use client";

import { useSubscription } from "@trpc/tanstack-react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { useTRPC, useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { ComparisonRow } from "../../trpc/types.ts";
import { forward } from "../runs/forward.ts";
import { ProgressBar } from "../runs/progress-bar.tsx";
import type { hows } from "./comparison-search.ts";

type How = (typeof hows)[number];
type Standing = Pick<ComparisonRow, "error" | "id" | "progress" | "status">;

/** What there is of a comparison row by row: why there can be none, the button, how far it is, or the way to it and back. */
export function RowByRow({
  project,
  pair,
  reason,
  standing: atFirst,
  shown,
  links,
}: {
  /** The project's id. */
  project: string;
  /** The two runs' ids. */
  pair: { readonly from: string; readonly to: string };
  /** Why rows cannot be paired; null where nothing stands against it. */
  reason: string | null;
  /** The newest of the two runs. */
  standing: Standing | null;
  shown: How;
  links: Readonly<Record<How, string>>;
}) {
  const t = useTranslations("comparison.rows");
  const client = useTRPCClient();
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [begun, setBegun] = useState<Standing | null>(null);
  const standing = begun ?? atFirst;
  const drawAnew = () => {
    router.push(links.rows);
    router.refresh();
  };
  const doing = async (action: () => Promise<unknown>) => {
    setBusy(true);
    setFault(null);
    try {
      await action();
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
    }
    // Else it stays busy until the page is there anew, with what came of it.
  };
  const compare = () =>
    doing(async () => {
      const made = await client.comparisons.create.mutate({ project, ...pair });
      // What is under way is shown at once: the page itself is not drawn anew before there is something to see.
      if (!isUnderWay(made)) return drawAnew();
      setBegun(made);
      setBusy(false);
    });
  return (
    <section aria-label={t("label")} className="mb-12 max-w-[52rem] border-t border-line pt-4 text-sm">
      {shown === "rows" ? (
        <p className="m-0 text-muted">
          {t("shown")}{" "}
          <Link href={links.intervals} className="underline">
            {t("toIntervals")}
          </Link>
        </p>
      ) : standing?.status === "completed" ? (
        <p className="m-0 text-muted">
          {t("there")}{" "}
          <Link href={links.rows} className="underline">
            {t("toRows")}
          </Link>
        </p>
      ) : standing !== null && isUnderWay(standing) ? (
        <UnderWay
          standing={standing}
          onCancel={() =>
            doing(async () => {
              await client.comparisons.cancel.mutate({ id: standing.id });
              drawAnew();
            })
          }
          onEnded={drawAnew}
          busy={busy}
        />
      ) : reason !== null ? (
        <p className="m-0 max-w-[68ch]">
          <span className="font-medium">{t("cannot")}</span> {reason}
        </p>
      ) : (
        <>
          {standing?.status === "failed" && standing.error !== null && fault === null ? (
            <FaultText fault={standing.error} />
          ) : null}
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button tone="primary" onClick={compare} disabled={busy}>
              {standing === null ? t("action") : t("again")}
            </Button>
            <span className="max-w-[60ch] text-muted">
              {standing?.status === "cancelled" ? t("cancelled") : t("why")}
            </span>
          </div>
        </>
      )}
      {fault === null ? null : <FaultText fault={fault} className="mt-3 text-sm" />}
    </section>
  );
}

function isUnderWay({ status }: Pick<Standing, "status">): boolean {
  return status === "queued" || status === "running";
}

/** A comparison under way. The stream reconnects by itself and goes on where it was. */
function UnderWay({
  standing,
  onCancel,
  onEnded,
  busy,
}: {
  standing: Standing;
  onCancel: () => void;
  onEnded: () => void;
  busy: boolean;
}) {
  const t = useTranslations("comparison.rows");
  const trpc = useTRPC();
  const [status, setStatus] = useState(standing.status);
  const [stage, setStage] = useState(standing.progress.stage);
  const [at, setAt] = useState(() => forward({ done: 0, total: 0, fraction: 0 }, standing.progress));
  const watch = useSubscription(
    trpc.comparisons.watch.subscriptionOptions(
      { id: standing.id },
      {
        onData: ({ data }) => {
          setStatus(data.status);
          setStage(data.progress.stage);
          setAt((before) => forward(before, data.progress));
          if (!isUnderWay(data)) onEnded();
        },
      },
    ),
  );
  return (
    <>
      <p className="m-0 font-medium">{t("underWay")}</p>
      <ProgressBar label={t("progress")} fraction={at.fraction}>
        {watch.status === "connecting" && watch.error !== null
          ? t("reconnecting")
          : status === "queued"
            ? t("waiting")
            : status !== "running"
              ? t("ended")
              : t(`stages.${stage ?? "starting"}`)}
      </ProgressBar>
      <Button onClick={onCancel} disabled={busy}>
        {t("cancel")}
      </Button>
    </>
  );
}
