import type { PlacedFinding } from "@assay/report/text";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { mitigationHref, suggestMitigation } from "./mitigation-choice.ts";

/** Under a finding about a disparity: the way to the page with the form filled in. */
export function TryMitigation({ slug, run, placed }: { slug: string; run: number; placed: PlacedFinding }) {
  const t = useTranslations("mitigation");
  const suggested = suggestMitigation(placed);
  if (suggested === null) return null;
  return (
    <p className="m-0 mt-2 text-sm">
      <Link href={mitigationHref(slug, run, suggested)}>{t("try")}</Link>
    </p>
  );
}
