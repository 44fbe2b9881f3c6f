"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { ModelVersion, RunDetail } from "../../trpc/types.ts";

/** Keeps the mitigated model as a version of a model, in one press; once it is there, the way to it. */
export function RegisterModel({
  run,
  versions,
}: {
  run: Pick<RunDetail, "id" | "project">;
  versions: readonly ModelVersion[];
}) {
  const t = useTranslations("mitigation.register");
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [version] = versions;
  if (version !== undefined) {
    return (
      <Link href={`/projects/${run.project.slug}/models/${version.model.id}?version=${version.number}`}>
        {t("there", { name: version.model.name, number: version.number })}
      </Link>
    );
  }
  const register = async () => {
    setBusy(true);
    setFault(null);
    try {
      const made = await client.models.register.mutate({ run: run.id });
      notice(t("done", { name: made.model.name, number: made.number }));
      router.refresh();
    } catch (error) {
      setFault(faultOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <span>
      <Button onClick={register} disabled={busy}>
        {t("action")}
      </Button>
      {fault === null ? null : <FaultText fault={fault} className="mt-2 text-sm" />}
    </span>
  );
}
