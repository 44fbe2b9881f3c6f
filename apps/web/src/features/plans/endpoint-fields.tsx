"use client";

import { useTranslations } from "next-intl";
import { Field } from "../../components/field.tsx";
import type { PlanEdit } from "./edit-plan.ts";
import type { EndpointField, EndpointView } from "./endpoint-edit.ts";
import { TextBox } from "./text-box.tsx";

/** How the model behind an address is asked: address and secret at once, the rest where its API is another than the usual. */
export function EndpointFields({
  endpoint,
  origins,
  onEdit,
}: {
  endpoint: EndpointView;
  /** Places that the server asks. */
  origins: readonly string[];
  onEdit: (edit: PlanEdit) => void;
}) {
  const t = useTranslations("plan.model.endpoint");
  const box = (field: EndpointField, placeholder: string, mono = true) => (
    <Field
      label={t(`${field}.label`)}
      help={t(`${field}.help`)}
      control={(ids) => (
        <TextBox
          {...ids}
          className={mono ? "w-full font-mono !text-xs" : "!w-24"}
          placeholder={placeholder}
          value={endpoint[field]}
          onValue={(value) => onEdit({ kind: "endpoint-field", field, value })}
        />
      )}
    />
  );
  const given = ["requestRows", "requestAs", "responseRows", "score", "label", "batch", "perSecond"] as const;
  return (
    <div className="sm:col-span-2">
      <Field
        label={t("url.label")}
        help={origins.length === 0 ? t("url.none") : t("url.help", { origins: origins.join(t("comma")) })}
        control={(ids) => (
          <TextBox
            {...ids}
            inputMode="url"
            className="w-full font-mono !text-xs"
            placeholder={`${origins[0] ?? "https://models.example.org"}/predict`}
            value={endpoint.url}
            onValue={(value) => onEdit({ kind: "endpoint-field", field: "url", value })}
          />
        )}
      />
      <div className="grid gap-x-10 sm:grid-cols-2">
        {box("header", "authorization")}
        {box("headerValue", `Bearer \${ASSAY_ENDPOINT_KEY}`)}
      </div>
      <details className="mb-4" open={given.some((field) => endpoint[field] !== "") ? true : undefined}>
        <summary className="cursor-pointer text-sm">{t("mapping")}</summary>
        <div className="grid gap-x-10 pt-3 sm:grid-cols-2">
          {box("requestRows", "instances")}
          <Field
            label={t("requestAs.label")}
            help={t("requestAs.help")}
            control={(ids) => (
              <select
                {...ids}
                className="field"
                value={endpoint.requestAs === "arrays" ? "arrays" : "objects"}
                onChange={(event) =>
                  onEdit({
                    kind: "endpoint-field",
                    field: "requestAs",
                    value: event.target.value === "arrays" ? "arrays" : "",
                  })
                }
              >
                <option value="objects">{t("requestAs.objects")}</option>
                <option value="arrays">{t("requestAs.arrays")}</option>
              </select>
            )}
          />
          {box("responseRows", "predictions")}
          {box("score", t("score.row"))}
          {box("label", t("label.none"))}
          {box("batch", "100", false)}
          {box("perSecond", t("perSecond.none"), false)}
        </div>
      </details>
    </div>
  );
}
