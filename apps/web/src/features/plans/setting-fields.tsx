"use client";

import { useTranslations } from "next-intl";
import { useId } from "react";
import { parse, stringify } from "yaml";
import * as z from "zod/mini";
import { TextBox } from "./text-box.tsx";

export type SettingsSchema = Readonly<Record<string, unknown>>;

/** The parts of JSON Schema that a form field is drawn from; anything else is edited as YAML. */
const Property = z.object({
  type: z.optional(z.string()),
  enum: z.optional(z.array(z.union([z.string(), z.number()]))),
  minimum: z.optional(z.number()),
  maximum: z.optional(z.number()),
  exclusiveMinimum: z.optional(z.number()),
  exclusiveMaximum: z.optional(z.number()),
  items: z.optional(z.object({ type: z.optional(z.string()) })),
  /** A number or a text, such as rows to draw or a file of them. */
  anyOf: z.optional(z.array(z.object({ minimum: z.optional(z.number()), maximum: z.optional(z.number()) }))),
});
const Schema = z.object({ properties: z.record(z.string(), Property) });
type Property = z.infer<typeof Property>;

/** One field per setting, drawn from the audit's own schema and words. An empty field is the default. */
export function SettingFields({
  schema,
  defaults,
  texts,
  values,
  leaveOut = [],
  onValue,
}: {
  schema: SettingsSchema;
  defaults: Readonly<Record<string, unknown>>;
  texts: Readonly<Record<string, { readonly label: string; readonly help: string; readonly example?: string }>>;
  values: Readonly<Record<string, unknown>>;
  /** Settings that have a place elsewhere. */
  leaveOut?: readonly string[];
  onValue: (key: string, value: unknown) => void;
}) {
  const parsed = Schema.safeParse(schema);
  if (!parsed.success) return null;
  return (
    <div className="mt-3 mb-1 grid gap-x-8 gap-y-4 sm:grid-cols-2 md:grid-cols-3">
      {Object.entries(parsed.data.properties).flatMap(([key, property]) =>
        leaveOut.includes(key) ? (
          []
        ) : (
          <SettingField
            key={key}
            property={property}
            label={texts[key]?.label ?? key}
            help={texts[key]?.help ?? ""}
            example={texts[key]?.example}
            value={values[key]}
            usual={defaults[key]}
            onValue={(value) => onValue(key, value)}
          />
        ),
      )}
    </div>
  );
}

function SettingField({
  property,
  label,
  help,
  example,
  value,
  usual,
  onValue,
}: {
  property: Property;
  label: string;
  help: string;
  example: string | undefined;
  value: unknown;
  usual: unknown;
  onValue: (value: unknown) => void;
}) {
  const t = useTranslations("plan.audits");
  const id = useId();
  const describedBy = `${id}-help`;
  const range = rangeText(property.anyOf?.find((one) => one.minimum !== undefined) ?? property);
  return (
    <div>
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      {property.type === "boolean" ? (
        <select
          id={id}
          aria-describedby={describedBy}
          className="field !py-0.5"
          value={value === undefined ? "" : String(value)}
          onChange={(event) => onValue(event.target.value === "" ? "" : event.target.value === "true")}
        >
          <option value="">{t("usual", { value: t(usual === true ? "yes" : "no") })}</option>
          <option value="true">{t("yes")}</option>
          <option value="false">{t("no")}</option>
        </select>
      ) : property.enum !== undefined ? (
        <select
          id={id}
          aria-describedby={describedBy}
          className="field !py-0.5"
          value={value === undefined ? "" : String(value)}
          onChange={(event) => onValue(property.enum?.find((one) => String(one) === event.target.value) ?? "")}
        >
          <option value="">{t("usual", { value: String(usual) })}</option>
          {property.enum.map((one) => (
            <option key={one} value={String(one)}>
              {one}
            </option>
          ))}
        </select>
      ) : (
        <TextBox
          id={id}
          aria-describedby={describedBy}
          inputMode={property.type === "integer" || property.type === "number" ? "decimal" : undefined}
          className={property.type === "object" ? "font-mono !text-xs" : undefined}
          placeholder={example !== undefined ? example : usual === undefined || usual === null ? "" : shown(usual)}
          value={value === undefined ? "" : shown(value)}
          onValue={(text) => onValue(read(text, property))}
        />
      )}
      <p id={describedBy} className="m-0 mt-0.5 text-xs text-muted">
        {help}
        {range === "" ? null : ` (${range})`}
      </p>
    </div>
  );
}

/** `0.5 – 1`, as far as the schema says. */
function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, type }: Partial<Property>): string {
  const low = minimum ?? exclusiveMinimum;
  const high = maximum ?? exclusiveMaximum;
  const bounded = high !== undefined && !(type === "integer" && high >= Number.MAX_SAFE_INTEGER);
  if (low === undefined || low <= Number.MIN_SAFE_INTEGER) return bounded ? `≤ ${high}` : "";
  return bounded ? `${low} – ${high}` : `≥ ${low}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ");
  return typeof value === "object" ? stringify(value, { collectionStyle: "flow" }).trim() : String(value);
}

/** A text as the setting's type; one that does not fit stays a text, and the check says so. */
function read(text: string, { type, items }: Property): unknown {
  if (text === "") return "";
  if (type === "integer" || type === "number") return Number.isFinite(Number(text)) ? Number(text) : text;
  if (type === "string") return text;
  if (type === "array" && !text.startsWith("[")) {
    const parts = text.split(/\s*[,，]\s*/).filter(Boolean);
    if (items?.type !== "number" && items?.type !== "integer") return parts;
    return parts.map((part) => (Number.isFinite(Number(part)) ? Number(part) : part));
  }
  try {
    return parse(text);
  } catch {
    return text;
  }
}
