import type { Locale } from "@assay/schema";

/** Cookies in which the reader's choices live; the server reads them, so that no page flashes or jumps. */
export const preferenceCookies = { locale: "assay-locale", theme: "assay-theme", zone: "assay-zone" } as const;

/** Every language we speak, under its own name. The schema's list is not asked: it would bring its parser along. */
export const languageNames = { en: "English", "zh-CN": "简体中文" } as const satisfies Record<Locale, string>;
export const languages = Object.keys(languageNames) as readonly Locale[];

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export function parseTheme(text: string | undefined): Theme {
  return themes.find((theme) => theme === text) ?? "system";
}

export function parseLocale(text: string | undefined): Locale | undefined {
  return languages.find((locale) => locale === text);
}

/** The language asked for first among those we speak; any Chinese gets zh-CN. */
export function acceptedLocale(header: string | null): Locale {
  const wanted = (header ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().split(";");
      const quality = parameters.map((one) => /^\s*q=([\d.]+)/.exec(one)?.[1]).find((q) => q !== undefined);
      return { tag: tag.toLowerCase(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { tag } of wanted) {
    if (tag === "zh" || tag.startsWith("zh-")) return "zh-CN";
    if (tag === "en" || tag.startsWith("en-")) return "en";
  }
  return "en";
}

/** A time zone name that this host knows, else UTC. */
export function parseZone(text: string | undefined): string {
  if (text === undefined) return "UTC";
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}
