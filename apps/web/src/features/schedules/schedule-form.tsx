"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { Field, Input } from "../../components/field.tsx";
import { Fold } from "../../components/fold.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { ScheduleDetail } from "../../trpc/types.ts";
import { readTimes, type Times, writeTimes } from "./times.ts";
import { TimesFields } from "./times-fields.tsx";
import { TimesPreview } from "./times-preview.tsx";
import { Told, type ToldWhom } from "./told.tsx";

/** What a schedule runs, on which data, and when. */
export function ScheduleForm({
  slug,
  schedule,
  start,
  runs,
  datasets,
  told,
}: {
  slug: string;
  /** The one that is changed; null: a new one. */
  schedule: Pick<ScheduleDetail, "id"> | null;
  start: Pick<ScheduleDetail, "name" | "planYaml" | "dataset" | "cron" | "timeZone" | "runUnchanged" | "notify"> & {
    /** The number of the run whose plan it is; null: its own. */
    readonly run: number | null;
  };
  /** Runs whose plan can be taken. */
  runs: readonly { readonly number: number; readonly title: string }[];
  /** Names of data. */
  datasets: readonly string[];
  told: ToldWhom;
}) {
  const t = useTranslations("schedules.form");
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  const [draft, setDraft] = useState(start);
  const [times, setTimes] = useState<Times>(readTimes(start.cron));
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const checks = useId();
  const set = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }));
  const problemAt = (place: string) => fault?.problems.find(({ at }) => at === place)?.message;
  const cron = writeTimes(times);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    const { name, planYaml: plan, dataset, timeZone, runUnchanged, notify } = draft;
    const settings = { name, plan, dataset, cron, timeZone, runUnchanged, notify };
    try {
      const { id } =
        schedule === null
          ? await client.schedules.create.mutate({ project: slug, ...settings })
          : await client.schedules.update.mutate({ id: schedule.id, ...settings });
      notice(t(schedule === null ? "made" : "saved"));
      router.push(`/projects/${slug}/schedules/${id}`);
      router.refresh();
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
    }
  };
  return (
    <form noValidate onSubmit={save} className="max-w-[60ch] border-t border-line pt-4">
      <Field
        label={t("name")}
        help={t("nameHelp")}
        error={problemAt("name")}
        control={(ids) => (
          <Input
            {...ids}
            autoComplete="off"
            maxLength={100}
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      />
      {schedule === null ? (
        <Field
          label={t("plan")}
          help={t("planHelp")}
          control={(ids) => (
            <select
              {...ids}
              className="field"
              value={draft.run ?? ""}
              onChange={(event) => router.replace(`/projects/${slug}/schedules/new?from=${event.target.value}`)}
            >
              {runs.map(({ number, title }) => (
                <option key={number} value={number}>
                  {t("planOption", { number, title })}
                </option>
              ))}
            </select>
          )}
        />
      ) : null}
      <Field
        label={t("data")}
        help={t("dataHelp")}
        control={(ids) => (
          <select
            {...ids}
            className="field"
            value={draft.dataset}
            onChange={(event) => set({ dataset: event.target.value })}
          >
            {datasets.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      />
      <div className="mb-6">
        <Fold summary={t("planText")}>
          <textarea
            aria-label={t("plan")}
            rows={Math.min(24, draft.planYaml.split("\n").length + 1)}
            className="field font-mono !text-xs whitespace-pre"
            wrap="off"
            spellCheck={false}
            value={draft.planYaml}
            onChange={(event) => set({ planYaml: event.target.value })}
          />
        </Fold>
      </div>
      <h2 className="m-0 mb-3 text-lg font-[620] tracking-[-0.01em]">{t("when")}</h2>
      <TimesFields
        times={times}
        timeZone={draft.timeZone}
        onTimes={setTimes}
        onTimeZone={(timeZone) => set({ timeZone })}
      />
      <TimesPreview cron={cron} timeZone={draft.timeZone} />
      {(["runUnchanged", "notify"] as const).map((name) => (
        <div key={name} className="mb-4 text-sm">
          <label className="flex items-baseline gap-2">
            <input
              type="checkbox"
              className="size-3.5 shrink-0 translate-y-0.5 accent-ink"
              aria-describedby={`${checks}-${name}`}
              checked={draft[name]}
              onChange={(event) => set({ [name]: event.target.checked })}
            />
            {t(name === "notify" ? "notify" : "unchanged")}
          </label>
          <p id={`${checks}-${name}`} className="m-0 mt-1 ml-[1.375rem] text-xs text-muted">
            {name === "notify" ? <Told slug={slug} whom={told} /> : t("unchangedHelp")}
          </p>
        </div>
      ))}
      {fault === null ? null : <FaultText fault={fault} className="mt-6 mb-4 text-sm" />}
      <Button type="submit" tone="primary" disabled={busy} className="mt-2">
        {t(schedule === null ? "create" : "save")}
      </Button>
    </form>
  );
}
