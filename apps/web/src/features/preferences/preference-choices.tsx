"use client";

import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { Segments } from "../../components/segments.tsx";
import { languageNames, languages, type Theme, themes } from "./preferences.ts";
import { writePreference } from "./write-preference.ts";

export function LocaleChoice() {
  const t = useTranslations("preferences");
  const locale = useLocale();
  const router = useRouter();
  return (
    <Segments
      label={t("language")}
      value={locale}
      options={languages.map((value) => ({ value, label: languageNames[value], lang: value }))}
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
