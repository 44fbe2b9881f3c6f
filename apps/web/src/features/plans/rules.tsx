"use client";

import { lawFacts, tieNumbers } from "@assay/report/text";
import type { Problem } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import { Button } from "../../components/button.tsx";
import { Section } from "../../components/page.tsx";
import type { PolicyInfo } from "../../trpc/types.ts";
import type { PlanEdit } from "./edit-plan.ts";
import type { PlanView, RuleView } from "./plan-view.ts";
import { problemsAt } from "./problem-places.ts";
import { TextBox } from "./text-box.tsx";

/** Offered while typing; any metric that a chosen audit gives can be named, and the check says where none does. */
const oftenRuled = [
  "accuracy",
  "demographic-parity-difference",
  "equalized-odds-difference",
  "false-negative-rate-difference",
  "false-positive-rate-difference",
  "impact-ratio",
  "k-anonymity",
  "l-diversity",
  "permutation-importance",
  "roc-auc",
  "selection-rate-difference",
  "selection-rate-ratio",
  "shapley-value",
  "true-positive-rate-difference",
];

/** Before a feature's name among the choices. */
const ofFeature = "feature:";

/** What the run is judged by. */
export function Rules({
  policies,
  view,
  problems,
  onEdit,
}: {
  policies: readonly PolicyInfo[];
  view: PlanView;
  problems: readonly Problem[];
  onEdit: (edit: PlanEdit) => void;
}) {
  const t = useTranslations("plan.rules");
  const locale = useLocale();
  const groupings = view.lists.protected.flatMap((column, index) => [
    [column],
    ...view.lists.protected.slice(index + 1).map((other) => [column, other]),
  ]);
  const change = (index: number, part: Partial<RuleView>) =>
    onEdit({ kind: "rules", rules: view.rules.map((rule, at) => (at === index ? { ...rule, ...part } : rule)) });
  return (
    <Section title={t("title")} note={t("note")}>
      <ul className="m-0 mb-5 list-none border-t border-ink p-0">
        {policies.map((policy) => (
          <li key={policy.id} className="grid grid-cols-[1.5rem_minmax(0,1fr)] border-b border-line py-2.5">
            <input
              id={`policy ${policy.id}`}
              type="checkbox"
              className="mt-[5px] size-3.5 accent-ink"
              checked={view.policy.includes(policy.id)}
              onChange={(event) =>
                onEdit({
                  kind: "policy",
                  ids: event.target.checked
                    ? [...view.policy, policy.id]
                    : view.policy.filter((id) => id !== policy.id),
                })
              }
            />
            <label htmlFor={`policy ${policy.id}`} className="text-sm">
              <b className="text-base font-semibold">{policy.title[locale]}</b>
              <span className="block text-muted">
                {lawFacts(policy, locale)}
                {policy.gate === "none" ? ` · ${t("noGate")}` : null}
              </span>
              {view.policy.includes(policy.id) && policy.note !== undefined ? (
                <span className="mt-1 block max-w-[76ch] text-muted">{tieNumbers(policy.note[locale], locale)}</span>
              ) : null}
            </label>
          </li>
        ))}
      </ul>
      {problemsAt(problems, "policy").map((problem) => (
        <Wrong key={problem.at + problem.message} problem={problem} />
      ))}
      <datalist id="metrics">
        {oftenRuled.map((metric) => (
          <option key={metric} value={metric} />
        ))}
      </datalist>
      {view.rules.map((rule, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name but its place
        <div key={index} className="mb-2">
          <div className="grid grid-cols-2 gap-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,11rem)_7rem_6rem_auto]">
            <TextBox
              list="metrics"
              aria-label={t("metric")}
              placeholder={t("metric")}
              value={rule.metric}
              onValue={(metric) => change(index, { metric })}
              className="max-sm:col-span-2"
            />
            <select
              className="field !py-0.5"
              aria-label={t("by")}
              value={rule.feature === "" ? rule.by.join(" × ") : `${ofFeature}${rule.feature}`}
              onChange={({ target: { value } }) => {
                const by = groupings.find((one) => one.join(" × ") === value);
                const isFeature = by === undefined && value.startsWith(ofFeature);
                change(index, { by: by ?? [], feature: isFeature ? value.slice(ofFeature.length) : "" });
              }}
            >
              <option value="">{t("overall")}</option>
              {groupings.map((by) => (
                <option key={by.join(" × ")} value={by.join(" × ")}>
                  {t("byColumns", { columns: by.join(" × ") })}
                </option>
              ))}
              {[...new Set([...view.lists.features, rule.feature])].filter(Boolean).map((feature) => (
                <option key={`${ofFeature}${feature}`} value={`${ofFeature}${feature}`}>
                  {t("ofFeature", { feature })}
                </option>
              ))}
            </select>
            <select
              className="field !py-0.5"
              aria-label={t("side")}
              value={rule.side}
              onChange={(event) => change(index, { side: event.target.value === "at_most" ? "at_most" : "at_least" })}
            >
              <option value="at_least">{t("atLeast")}</option>
              <option value="at_most">{t("atMost")}</option>
            </select>
            <TextBox
              inputMode="decimal"
              aria-label={t("bound")}
              placeholder={t("bound")}
              value={rule.bound}
              onValue={(bound) => change(index, { bound })}
            />
            <Button
              className="!py-0.5"
              aria-label={t("removeLabel", { metric: rule.metric })}
              onClick={() => onEdit({ kind: "rules", rules: view.rules.filter((_, at) => at !== index) })}
            >
              {t("remove")}
            </Button>
          </div>
          {problemsAt(problems, `rules[${index}]`).map((problem) => (
            <Wrong key={problem.at + problem.message} problem={problem} />
          ))}
        </div>
      ))}
      <Button
        onClick={() =>
          onEdit({
            kind: "rules",
            rules: [
              ...view.rules,
              { metric: "selection-rate-ratio", by: groupings[0] ?? [], feature: "", side: "at_least", bound: "0.8" },
            ],
          })
        }
      >
        {t("add")}
      </Button>
    </Section>
  );
}

function Wrong({ problem }: { problem: Problem }) {
  return (
    <p role="alert" className="m-0 mt-1 text-xs text-fail">
      {problem.message}
    </p>
  );
}
