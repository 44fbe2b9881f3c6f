"use client";

import { reasonText } from "@assay/report/text";
import { type ComparedQuantity, shownVerdict } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { ComparedMark } from "./compared-mark.tsx";
import { tableSearch } from "./comparison-search.ts";
import {
  alsoNames,
  countVerdicts,
  filterNumbers,
  groupingOf,
  groupingsOf,
  levelText,
  numberCells,
  placeText,
  rankNumbers,
  verdictChoices,
} from "./number-rows.ts";

/** Rows drawn before somebody asks for all. */
const mostAtFirst = 60;
/** In the address: numbers that are about nobody's group. */
const everyone = "everyone";

/** Every number of both runs once, what concerns somebody first. */
export function NumberLedger({
  quantities,
  numbers,
  confidence,
  auditNames,
}: {
  quantities: readonly ComparedQuantity[];
  numbers: { readonly a: number; readonly b: number };
  confidence: number;
  auditNames: Readonly<Record<string, string>>;
}) {
  const t = useTranslations("comparison.table");
  const verdictWords = useTranslations("comparison.verdicts");
  const locale = useLocale();
  const [{ show, of }, set] = useQueryStates(tableSearch);
  const [all, setAll] = useState(false);
  const counts = countVerdicts(quantities);
  const groupings = groupingsOf(quantities);
  const grouping = of === "" ? null : of === everyone ? "" : of;
  const ranked = rankNumbers(filterNumbers(quantities, { show, of: grouping }));
  const shown = all ? ranked : ranked.slice(0, mostAtFirst);
  const tested = quantities.some(({ measure }) => measure.p_adjusted !== undefined);
  const words = {
    unknown: t("unknown"),
    everyone: t("everyone"),
    between: (columns: string) => t("between", { columns }),
    threshold: (value: string) => t("threshold", { value }),
  };
  return (
    <>
      <search className="mb-2 grid grid-cols-2 gap-2 sm:grid-cols-[13rem_15rem_1fr] sm:items-center">
        <select
          className="field"
          aria-label={t("show")}
          value={show}
          onChange={(event) => set({ show: verdictChoices.find((one) => one === event.target.value) ?? null })}
        >
          {verdictChoices.map((choice) => (
            <option key={choice} value={choice}>
              {choice === "all"
                ? t("all", { count: quantities.length })
                : t("some", { verdict: verdictWords(choice), count: counts[choice] })}
            </option>
          ))}
        </select>
        <select
          className="field"
          aria-label={t("of")}
          value={of}
          onChange={(event) => set({ of: event.target.value || null })}
        >
          <option value="">{t("anyone")}</option>
          {groupings.map((one) => (
            <option key={one} value={one === "" ? everyone : one}>
              {one === "" ? t("everyone") : t("by", { columns: one })}
            </option>
          ))}
          {grouping === null || groupings.includes(grouping) ? null : <option value={of}>{of}</option>}
        </select>
        <p role="status" className="m-0 text-xs text-muted max-sm:col-span-2 sm:text-right">
          {t("shown", { count: ranked.length })}
        </p>
      </search>
      {ranked.length === 0 ? (
        <p className="m-0 border-t border-ink pt-3 text-sm text-muted">{t("none")}</p>
      ) : (
        <div className="overflow-x-auto">
          <table className="ledger">
            <thead>
              <tr>
                <th scope="col">{t("number")}</th>
                <th scope="col">{t("verdict")}</th>
                <th scope="col" className="num max-sm:hidden">
                  {t("run", { number: numbers.a })}
                </th>
                <th scope="col" className="num max-sm:hidden">
                  {t("run", { number: numbers.b })}
                </th>
                <th scope="col" className="num">
                  {t("difference")}
                </th>
                <th scope="col" className="num max-sm:hidden">
                  {t("interval", { level: levelText(confidence, locale) })}
                </th>
                {tested ? (
                  <th scope="col" className="num max-sm:hidden">
                    {t("p")}
                  </th>
                ) : null}
              </tr>
            </thead>
            <tbody>
              {shown.map((quantity, index) => {
                const { measure } = quantity;
                const verdict = shownVerdict(measure);
                const also = alsoNames(quantity, locale, auditNames);
                const cells = numberCells(measure, locale);
                const audit = measure.audit === undefined ? undefined : auditNames[measure.audit];
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: numbers have no name of their own and hold no state
                  <tr key={index} className={measure.verdict === "unknown" ? "few" : undefined}>
                    <th scope="row">
                      {cells.metric}
                      <span className="block text-xs font-normal text-muted">
                        {placeText(measure, locale, words)}
                        {audit === undefined || groupingOf(measure) !== "" ? null : ` · ${audit}`}
                      </span>
                      {also.length === 0 ? null : (
                        <span className="block text-xs font-normal text-muted">
                          {t("also", { names: also.join(locale === "en" ? ", " : "、") })}
                        </span>
                      )}
                    </th>
                    <td>
                      <ComparedMark verdict={verdict} />
                      {measure.difference === null && measure.reason !== undefined ? (
                        <Reason reason={measure.reason} />
                      ) : null}
                    </td>
                    <td className="num max-sm:hidden">{cells.a}</td>
                    <td className="num max-sm:hidden">{cells.b}</td>
                    <td className="num">
                      {cells.difference}
                      {cells.unit === "" ? null : <span className="ml-1 text-xs text-muted">{cells.unit}</span>}
                      {/* Where the page is narrow, the two sides and the interval stand under the difference. */}
                      <span className="block text-xs text-muted sm:hidden">
                        {cells.a} → {cells.b}
                      </span>
                      <span className="block text-xs text-muted sm:hidden">{cells.interval}</span>
                    </td>
                    <td className="num text-muted max-sm:hidden">{cells.interval === "" ? "–" : cells.interval}</td>
                    {tested ? <td className="num max-sm:hidden">{cells.p === "" ? "–" : cells.p}</td> : null}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {shown.length < ranked.length ? (
        <Button className="mt-3" onClick={() => setAll(true)}>
          {t("showAll", { count: ranked.length })}
        </Button>
      ) : null}
    </>
  );
}

/** Why a number is not known; in English where there are no other words for it. */
function Reason({ reason }: { reason: string }) {
  const locale = useLocale();
  const text = reasonText(reason);
  return (
    <span lang={text === null ? "en" : undefined} className="block max-w-[22rem] text-xs whitespace-normal text-muted">
      {text?.[locale] ?? reason}
    </span>
  );
}
