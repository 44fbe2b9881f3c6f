import type { Locale } from "@assay/schema";
import { cookies, headers } from "next/headers";
import { acceptedLocale, parseLocale, parseTheme, parseZone, preferenceCookies, type Theme } from "./preferences.ts";

export interface Preferences {
  readonly locale: Locale;
  readonly theme: Theme;
  readonly zone: string;
}

/** What the reader chose, from cookies; the language falls back to the browser's. */
export async function readPreferences(): Promise<Preferences> {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  return {
    locale: parseLocale(jar.get(preferenceCookies.locale)?.value) ?? acceptedLocale(head.get("accept-language")),
    theme: parseTheme(jar.get(preferenceCookies.theme)?.value),
    zone: parseZone(jar.get(preferenceCookies.zone)?.value),
  };
}
