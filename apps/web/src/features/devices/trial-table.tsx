import { useLocale, useTranslations } from "next-intl";
import type { DeviceResult, TrialName } from "../../workers/devices-messages.ts";

/** How many of what a trial counts make one of the unit it is told in. */
const scales = {
  copy: 1e9,
  dense: 1e9,
  forest: 1e6,
  shuffle: 1e6,
  words: 1e6,
} as const satisfies Record<TrialName, number>;

/** How fast each device was, and what went wrong. */
export function TrialTable({ results }: { results: readonly DeviceResult[] }) {
  const t = useTranslations("settings.devices");
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const trials = Object.entries(scales) as [TrialName, number][];
  const find = (one: DeviceResult, trial: TrialName) => one.result?.trials.find((row) => row.trial === trial);
  const faults = results.flatMap((one) => [
    ...(one.fault === null ? [] : [{ key: one.name, text: `${one.name}: ${one.fault}` }]),
    ...(one.result?.trials ?? []).flatMap(({ trial, fault }) =>
      fault === null
        ? []
        : [{ key: `${one.name} ${trial}`, text: `${one.name}, ${t(`trials.${trial}`)}: ${fault.message}` }],
    ),
  ]);
  return (
    <>
      <div className="overflow-x-auto">
        <table className="ledger fit">
          <caption className="sr-only">{t("results")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("trial")}</th>
              {results.map(({ name }) => (
                <th key={name} scope="col" className="num">
                  {name}
                </th>
              ))}
              <th scope="col">{t("unit")}</th>
            </tr>
          </thead>
          <tbody>
            {trials.map(([trial, scale]) => (
              <tr key={trial}>
                <th scope="row">{t(`trials.${trial}`)}</th>
                {results.map((one) => {
                  const row = find(one, trial);
                  const wrong = row?.fault?.code === "wrong-result";
                  return (
                    <td key={one.name} className={row?.perSecond == null ? "num text-fail" : "num"}>
                      {row?.perSecond == null ? t(wrong ? "wrong" : "failed") : number.format(row.perSecond / scale)}
                    </td>
                  );
                })}
                <td className="text-muted">{t(`units.${trial}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {faults.length === 0 ? null : (
        <ul role="alert" className="m-0 mt-3 list-none p-0 text-sm text-fail">
          {faults.map(({ key, text }) => (
            <li key={key} lang="en">
              {text}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
