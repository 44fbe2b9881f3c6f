import type { ShownVerdict } from "@assay/schema";
import { useTranslations } from "next-intl";
import { classNames } from "../../components/class-names.ts";

/** Shape first, then word, then colour. */
const looks: Record<ShownVerdict | "note", { readonly shape: string; readonly colour: string }> = {
  improved: { shape: "●", colour: "text-pass" },
  regressed: { shape: "▲", colour: "text-fail" },
  changed: { shape: "◆", colour: "text-accent" },
  "no-evidence": { shape: "◐", colour: "text-open" },
  unchanged: { shape: "=", colour: "text-muted" },
  unknown: { shape: "–", colour: "text-muted" },
  note: { shape: "–", colour: "text-muted" },
};

export function ComparedMark({ verdict }: { verdict: ShownVerdict | "note" }) {
  const t = useTranslations("comparison.verdicts");
  const { shape, colour } = looks[verdict];
  return (
    <span className={classNames("text-xs font-semibold whitespace-nowrap", colour)}>
      <span aria-hidden="true">{shape}</span> {t(verdict)}
    </span>
  );
}
