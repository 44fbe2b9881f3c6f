"use client";

import type { Locale } from "@assay/schema";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useId, useState } from "react";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { Field, Input } from "../../components/field.tsx";
import { Fold } from "../../components/fold.tsx";
import { Section } from "../../components/page.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { ApiInputs, MitigationOptions } from "../../trpc/types.ts";
import { SettingFields, type SettingsSchema } from "../plans/setting-fields.tsx";
import { type Constraint, constraints, type Method, methods, mostColumns } from "./mitigation-choice.ts";

/** Settings that have a place of their own on the form. */
const placed = ["by", "constraint", "method", "tolerance"] as const;

/** Which method, between which groups, held to what; what each needs, gives and promises. */
export function MitigationForm({
  project,
  options,
  chosen,
  audit,
}: {
  project: { readonly id: string; readonly slug: string };
  options: MitigationOptions;
  /** What the address asks for. */
  chosen: { readonly by: readonly string[]; readonly constraint: Constraint | null };
  /** The audit's own schema and words, for the settings that are seldom changed. */
  audit: {
    readonly input: SettingsSchema;
    readonly defaults: Readonly<Record<string, unknown>>;
    readonly settings: Readonly<
      Record<string, { readonly label: string; readonly help: string; readonly example?: string }>
    >;
  };
}) {
  const t = useTranslations("mitigation.form");
  const words = useTranslations("mitigation");
  const locale = useLocale();
  const router = useRouter();
  const client = useTRPCClient();
  const choices = methods.flatMap((method) => options.methods.find((one) => one.method === method) ?? []);
  const [method, setMethod] = useState<Method | null>(() => firstMethod(choices, chosen.constraint));
  const [by, setBy] = useState<readonly string[]>(() => {
    const known = chosen.by.filter((column) => options.by.includes(column));
    return known.length > 0 ? known : options.by.slice(0, 1);
  });
  const [constraint, setConstraint] = useState<Constraint>(chosen.constraint ?? "demographic-parity");
  const [points, setPoints] = useState("2");
  const [more, setMore] = useState<Readonly<Record<string, unknown>>>({});
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const choice = choices.find((one) => one.method === method);
  const held = constraints.filter((one) => choice?.constraints.includes(one) === true);
  const asked = held.includes(constraint) ? constraint : held[0];
  const tolerance = Number(points.replace(",", "."));
  const isTolerance = points.trim() !== "" && tolerance >= 0 && tolerance <= 100;
  const ready = choice?.reason === null && by.length > 0 && (asked === undefined || isTolerance) && !busy;

  const start = async () => {
    if (choice === undefined) return;
    setBusy(true);
    setFault(null);
    try {
      const run = await client.mitigations.create.mutate({
        project: project.id,
        run: options.run.id,
        method: choice.method,
        by: [...by],
        ...(asked === undefined ? {} : { constraint: asked, tolerance: Number((tolerance / 100).toPrecision(12)) }),
        // Values as they were typed: the server says what does not fit.
        ...(more as Partial<ApiInputs["mitigations"]["create"]>),
      });
      router.push(`/projects/${project.slug}/runs/${run.number}`);
      router.refresh();
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
    }
  };
  return (
    <form
      aria-label={t("label")}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void start();
      }}
    >
      <Section title={t("method")} note={t("methodNote")}>
        <div role="radiogroup" aria-label={t("method")} className="border-t border-ink">
          {choices.map((one) => (
            <MethodRow
              key={one.method}
              choice={one}
              checked={one.method === method}
              onChoose={() => setMethod(one.method)}
              locale={locale}
            />
          ))}
        </div>
      </Section>
      <Section title={t("groups")} note={t("groupsNote")}>
        <fieldset className="m-0 border-0 border-t border-line p-0 pt-3">
          <legend className="sr-only">{t("groups")}</legend>
          <div className="flex flex-wrap gap-x-6 gap-y-2 text-sm">
            {options.by.map((column) => (
              <label key={column} className="flex items-baseline gap-2">
                <input
                  type="checkbox"
                  className="size-3.5 translate-y-0.5 accent-ink"
                  checked={by.includes(column)}
                  disabled={!by.includes(column) && by.length >= mostColumns}
                  onChange={(event) =>
                    setBy(options.by.filter((name) => (name === column ? event.target.checked : by.includes(name))))
                  }
                />
                <bdi>{column}</bdi>
              </label>
            ))}
          </div>
          <p className="m-0 mt-2 max-w-[68ch] text-xs text-muted">{t(by.length === 0 ? "groupsNone" : "groupsHelp")}</p>
        </fieldset>
      </Section>
      <Section title={t("held")} note={t("heldNote")}>
        {asked === undefined ? (
          <p className="m-0 max-w-[68ch] border-t border-line pt-3 text-sm text-muted">{t("promisesNothing")}</p>
        ) : (
          <div className="grid gap-x-8 border-t border-line pt-3 sm:grid-cols-2">
            <Field
              label={t("constraint")}
              help={words(`constraints.${asked}.what`)}
              control={(field) => (
                <select
                  {...field}
                  className="field"
                  value={asked}
                  onChange={(event) => setConstraint(held.find((value) => value === event.target.value) ?? constraint)}
                >
                  {held.map((value) => (
                    <option key={value} value={value}>
                      {words(`constraints.${value}.name`)}
                    </option>
                  ))}
                </select>
              )}
            />
            <Field
              label={t("tolerance")}
              help={t("toleranceHelp")}
              error={isTolerance ? undefined : t("toleranceWrong")}
              control={(field) => (
                <Input
                  {...field}
                  inputMode="decimal"
                  value={points}
                  onChange={(event) => setPoints(event.target.value)}
                />
              )}
            />
          </div>
        )}
      </Section>
      <Fold summary={t("more")}>
        <div className="pb-4">
          <SettingFields
            schema={audit.input}
            defaults={{ ...audit.defaults, ...options.settings }}
            texts={audit.settings}
            values={more}
            leaveOut={placed}
            onValue={(key, value) =>
              setMore(({ [key]: _, ...rest }) => (value === "" ? rest : { ...rest, [key]: value }))
            }
          />
        </div>
      </Fold>
      <div className="mt-6 mb-14 border-t border-line pt-4">
        {fault === null ? null : <FaultText fault={fault} />}
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
          <Button tone="primary" type="submit" disabled={!ready}>
            {t("action")}
          </Button>
          <span className="max-w-[60ch] text-muted">{t(options.endpoint ? "asksEndpoint" : "note")}</span>
        </div>
      </div>
    </form>
  );
}

type Choice = MitigationOptions["methods"][number];

function MethodRow({
  choice: { method, needs, reason, constraints: held, files },
  checked,
  onChoose,
  locale,
}: {
  choice: Choice;
  checked: boolean;
  onChoose: () => void;
  locale: Locale;
}) {
  const t = useTranslations("mitigation.form");
  const words = useTranslations("mitigation.methods");
  const id = useId();
  const stopped = reason !== null;
  return (
    <div className="grid grid-cols-[1.5rem_minmax(0,1fr)] border-b border-line py-3">
      <input
        id={id}
        type="radio"
        name="method"
        value={method}
        className="mt-[5px] size-3.5 accent-ink"
        checked={checked}
        disabled={stopped}
        aria-describedby={`${id}-what`}
        onChange={onChoose}
      />
      <div className="min-w-0">
        <label htmlFor={id} className={stopped ? "font-semibold text-muted" : "font-semibold"}>
          {words(`${method}.name`)}
        </label>
        <p id={`${id}-what`} className="m-0 max-w-[76ch] text-sm text-muted">
          {words(`${method}.what`)}
        </p>
        {stopped ? (
          <p className="m-0 mt-1 max-w-[76ch] text-sm">
            <span className="font-medium">{t("cannot")}</span> {reason[locale]}
          </p>
        ) : (
          <p className="m-0 mt-1 flex flex-wrap gap-x-4 text-xs text-muted">
            <span>{t(needs === "score" ? "needsScore" : "needsFeatures")}</span>
            <span>{t(held.length === 0 ? "noPromise" : "promise")}</span>
            <span>
              {t("gives")} <span className="font-mono">{files.join(locale === "en" ? ", " : "、")}</span>
            </span>
          </p>
        )}
      </div>
    </div>
  );
}

/** The first that can be used, of those that know the constraint where one is asked for. */
function firstMethod(choices: readonly Choice[], constraint: Constraint | null): Method | null {
  const usable = choices.filter(({ reason }) => reason === null);
  const knowing = usable.find(({ constraints: held }) => constraint === null || held.includes(constraint));
  return (knowing ?? usable[0])?.method ?? null;
}
