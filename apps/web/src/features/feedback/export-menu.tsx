"use client";

import { useTranslations } from "next-intl";
import { Button } from "../../components/button.tsx";
import { Menu, MenuLink } from "../../components/menu.tsx";

/** All reports with what was written, or their counts alone. */
export function ExportMenu({ slug }: { slug: string }) {
  const t = useTranslations("feedback.export");
  const base = `/api/v1/projects/${encodeURIComponent(slug)}`;
  return (
    <Menu trigger={<Button>{t("trigger")}</Button>}>
      <MenuLink href={`${base}/feedback.csv`}>
        CSV <span className="text-muted">{t("reports")}</span>
      </MenuLink>
      <MenuLink href={`${base}/feedback.json`}>
        JSON <span className="text-muted">{t("reports")}</span>
      </MenuLink>
      <MenuLink href={`${base}/feedback-counts.csv`}>
        CSV <span className="text-muted">{t("counts")}</span>
      </MenuLink>
    </Menu>
  );
}
