"use client";

import { type FeedbackState, feedbackLimits, feedbackStates } from "@assay/schema";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { Field, Input } from "../../components/field.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPC, useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { FeedbackDetail } from "../../trpc/types.ts";

const settable = feedbackStates.filter((state) => state !== "withdrawn");

/** What is done with a report: its state, who has it, the run, finding and row that it speaks of, and a note on why. */
export function Triage({
  report,
  slug,
  assignees,
  runs,
}: {
  report: FeedbackDetail;
  slug: string;
  assignees: readonly { readonly id: string; readonly name: string }[];
  /** Runs with a report, the newest first. */
  runs: readonly { readonly id: string; readonly number: number; readonly title: string }[];
}) {
  const t = useTranslations("feedback.triage");
  const states = useTranslations("feedback.states");
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  const [state, setState] = useState<FeedbackState>(report.state);
  const [assignee, setAssignee] = useState(report.assignee?.id ?? "");
  const [run, setRun] = useState(report.run?.id ?? "");
  const [finding, setFinding] = useState(report.finding === null ? "" : keyOf(report.finding));
  const [rowId, setRowId] = useState(report.rowId);
  const [note, setNote] = useState("");
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const findings = useFindings(run);
  const isLinkChanged =
    run !== (report.run?.id ?? "") || finding !== (report.finding === null ? "" : keyOf(report.finding));

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    try {
      const chosen = findings.list.find((one) => one.key === finding);
      await client.feedback.update.mutate({
        project: slug,
        number: report.number,
        // Only what was changed here travels: a page that is older than a colleague's change does not undo it.
        ...(state === "withdrawn" || state === report.state ? {} : { state }),
        ...(assignee === (report.assignee?.id ?? "") ? {} : { assignee: assignee === "" ? null : assignee }),
        ...(isLinkChanged
          ? { link: run === "" ? null : { run, finding: chosen ? { audit: chosen.audit, id: chosen.id } : null } }
          : {}),
        ...(rowId === report.rowId ? {} : { rowId }),
        note,
      });
      setNote("");
      notice(t("saved"));
      router.refresh();
    } catch (error) {
      setFault(faultOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form noValidate onSubmit={save} className="grid max-w-[72ch] gap-x-8 border-t border-line pt-4 sm:grid-cols-2">
      <Field
        label={t("state")}
        control={(ids) => (
          <select
            {...ids}
            className="field"
            value={state}
            onChange={(event) => setState(settable.find((one) => one === event.target.value) ?? state)}
          >
            {settable.map((one) => (
              <option key={one} value={one}>
                {states(one)}
              </option>
            ))}
          </select>
        )}
      />
      <Field
        label={t("assignee")}
        control={(ids) => (
          <select {...ids} className="field" value={assignee} onChange={(event) => setAssignee(event.target.value)}>
            <option value="">{t("nobody")}</option>
            {assignees.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      />
      <Field
        label={t("run")}
        help={runs.length === 0 ? t("noRuns") : undefined}
        control={(ids) => (
          <select
            {...ids}
            className="field"
            value={run}
            disabled={runs.length === 0}
            onChange={(event) => {
              setRun(event.target.value);
              setFinding("");
              if (event.target.value === "") setRowId("");
            }}
          >
            <option value="">{t("none")}</option>
            {runs.map(({ id, number, title }) => (
              <option key={id} value={id}>
                {t("runOption", { number, title })}
              </option>
            ))}
          </select>
        )}
      />
      <Field
        label={t("finding")}
        control={(ids) => (
          <select
            {...ids}
            className="field"
            value={finding}
            disabled={run === "" || findings.loading}
            onChange={(event) => setFinding(event.target.value)}
          >
            <option value="">{t(findings.loading ? "loading" : "none")}</option>
            {findings.list.map(({ key, claim }) => (
              <option key={key} value={key}>
                {claim}
              </option>
            ))}
          </select>
        )}
      />
      <Field
        label={t("row")}
        help={t("rowHelp")}
        control={(ids) => (
          <Input
            {...ids}
            autoComplete="off"
            maxLength={feedbackLimits.rowId}
            disabled={run === ""}
            value={rowId}
            onChange={(event) => setRowId(event.target.value)}
          />
        )}
      />
      <div className="sm:col-span-2">
        <Field
          label={t("note")}
          help={t("noteHelp")}
          control={(ids) => (
            <textarea
              {...ids}
              rows={3}
              maxLength={feedbackLimits.note}
              className="field"
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        />
        {fault === null ? null : <FaultText fault={fault} />}
        <Button type="submit" tone="primary" disabled={busy}>
          {t("save")}
        </Button>
      </div>
    </form>
  );
}

interface FindingChoice {
  readonly key: string;
  readonly audit: string;
  readonly id: string;
  readonly claim: string;
}

function keyOf({ audit, id }: { readonly audit: string; readonly id: string }): string {
  return `${audit} ${id}`;
}

/** The findings of a run's report, by their claims. */
function useFindings(run: string): { readonly list: readonly FindingChoice[]; readonly loading: boolean } {
  const trpc = useTRPC();
  const locale = useLocale();
  const { data, isLoading } = useQuery({ ...trpc.reports.get.queryOptions({ run }), enabled: run !== "" });
  const list = (data?.audits ?? []).flatMap(({ id: audit, findings }) =>
    findings.map(({ id, text }) => ({
      key: keyOf({ audit, id }),
      audit,
      id,
      claim: text[locale].match(/\*\*(.+?)\*\*/)?.[1] ?? id,
    })),
  );
  return { list, loading: isLoading };
}
