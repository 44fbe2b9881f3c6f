"use client";

import type { Pillar } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import { Section } from "../../components/page.tsx";
import type { PlanEdit } from "./edit-plan.ts";
import type { PlanView } from "./plan-view.ts";
import { problemsAt } from "./problem-places.ts";
import { SettingFields, type SettingsSchema } from "./setting-fields.tsx";
import type { PlanChecking } from "./use-plan-check.ts";

export interface AuditForm {
  readonly id: string;
  readonly pillar: Pillar;
  readonly name: string;
  readonly question: string;
  readonly settings: Readonly<
    Record<string, { readonly label: string; readonly help: string; readonly example?: string }>
  >;
  /** JSON Schema. */
  readonly input: SettingsSchema;
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** Which audits run, and with which settings. One that cannot run says why. */
export function AuditChoice({
  audits,
  view,
  check,
  onEdit,
}: {
  audits: readonly AuditForm[];
  view: PlanView;
  check: PlanChecking;
  onEdit: (edit: PlanEdit) => void;
}) {
  const t = useTranslations("plan.audits");
  const pillars = useTranslations("results.pillars");
  const locale = useLocale();
  const runs = (id: string) => check.possible.find((audit) => audit.id === id)?.runs ?? false;
  const chosen = (id: string) => (view.audits === null ? runs(id) : id in view.audits);

  const choose = (id: string, on: boolean) => {
    const now = audits.filter((audit) => (audit.id === id ? on : chosen(audit.id))).map((audit) => audit.id);
    const every = audits.every((audit) => now.includes(audit.id) === runs(audit.id));
    const plain = Object.entries(view.audits ?? {}).every(
      ([name, settings]) => !now.includes(name) || Object.keys(settings).length === 0,
    );
    // What would run anyway needs no list: later audits then join by themselves.
    onEdit({ kind: "audits", chosen: every && plain ? null : now });
  };
  const set = (id: string, key: string, value: unknown) => {
    if (view.audits === null) {
      onEdit({ kind: "audits", chosen: audits.filter((audit) => runs(audit.id)).map((audit) => audit.id) });
    }
    onEdit({ kind: "setting", audit: id, key, value });
  };
  return (
    <Section title={t("title")} note={t("note")}>
      <ul className="m-0 list-none border-t border-ink p-0">
        {audits.map((audit) => {
          const possible = check.possible.find(({ id }) => id === audit.id);
          const on = chosen(audit.id);
          const problems = problemsAt(check.answer?.problems ?? [], `audits.${audit.id}`);
          // Without a reason it only waits to be named.
          const stopped = possible !== undefined && !possible.runs && possible.reason !== null;
          return (
            <li key={audit.id} className="grid grid-cols-[1.5rem_minmax(0,1fr)] border-b border-line py-3">
              <input
                id={`audit ${audit.id}`}
                type="checkbox"
                className="mt-[5px] size-3.5 accent-ink"
                checked={on}
                disabled={stopped && !on}
                onChange={(event) => choose(audit.id, event.target.checked)}
              />
              <div className="min-w-0">
                <label htmlFor={`audit ${audit.id}`} className="flex flex-wrap items-baseline gap-x-3">
                  <b className={stopped && !on ? "font-semibold text-muted" : "font-semibold"}>{audit.name}</b>
                  <span className="text-xs text-muted">{pillars(audit.pillar)}</span>
                </label>
                <p className="m-0 max-w-[76ch] text-sm text-muted">{audit.question}</p>
                {stopped && possible.reason !== null ? (
                  <p className="m-0 mt-1 max-w-[76ch] text-sm">
                    <span className="font-medium">{t("cannot")}</span> {possible.reason[locale]}
                  </p>
                ) : null}
                {problems.map((problem) => (
                  <p key={problem.at + problem.message} role="alert" className="m-0 mt-1 text-sm text-fail">
                    {problem.message}
                  </p>
                ))}
                {on ? (
                  <details className="group mt-1 text-sm">
                    <summary className="inline list-none text-accent hover:underline">
                      {t("settings")}
                      <span className="sr-only">: {audit.name}</span>
                    </summary>
                    <SettingFields
                      schema={audit.input}
                      defaults={audit.defaults}
                      texts={audit.settings}
                      values={view.audits?.[audit.id] ?? {}}
                      onValue={(key, value) => set(audit.id, key, value)}
                    />
                  </details>
                ) : null}
              </div>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
