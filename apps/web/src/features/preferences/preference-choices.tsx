"use client";

import { locales } from "@assay/schema";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { Segments } from "../../components/segments.tsx";
import { type Theme, themes } from "./preferences.ts";
import { writePreference } from "./write-preference.ts";

/** Each language under its own name. */
const names = { en: "English", "zh-CN": "简体中文" } as const;

export function LocaleChoice() {
  const t = useTranslations("preferences");
  const locale = useLocale();
  const router = useRouter();
  return (
    <Segments
      label={t("language")}
      value={locale}
      options={locales.map((value) => ({ value, label: names[value], lang: value }))}
      onChange={(value) => {
        writePreference("locale", value);
        router.refresh();
      }}
    />
  );
}

/** Sets the theme on the page at once; the server keeps it for the next one. */
export function applyTheme(theme: Theme): void {
  writePreference("theme", theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function ThemeChoice({ theme }: { theme: Theme }) {
  const t = useTranslations("preferences");
  const router = useRouter();
  return (
    <Segments
      label={t("theme")}
      value={theme}
      options={themes.map((value) => ({ value, label: t(`themes.${value}`) }))}
      onChange={(value) => {
        applyTheme(value);
        router.refresh();
      }}
    />
  );
}
