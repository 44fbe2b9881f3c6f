"use client";

import { useTranslations } from "next-intl";
import { Field } from "../../components/field.tsx";

export interface DatasetName {
  readonly id: string;
  readonly name: string;
}

/** Which of the project's data sets a model was trained on; empty: not told. */
export function TrainedOn({
  datasets,
  value,
  onValue,
}: {
  datasets: readonly DatasetName[];
  value: string;
  onValue: (id: string) => void;
}) {
  const t = useTranslations("models.trained");
  return (
    <Field
      label={t("label")}
      help={t("help")}
      control={(ids) => (
        <select {...ids} className="field" value={value} onChange={(event) => onValue(event.target.value)}>
          <option value="">{t("none")}</option>
          {datasets.map((dataset) => (
            <option key={dataset.id} value={dataset.id}>
              {dataset.name}
            </option>
          ))}
        </select>
      )}
    />
  );
}
