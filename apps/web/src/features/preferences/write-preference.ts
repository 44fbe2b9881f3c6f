import { preferenceCookies } from "./preferences.ts";

const yearSeconds = 365 * 24 * 3600;

/** Keeps a choice in its cookie for a year. Runs in the browser. */
export function writePreference(name: keyof typeof preferenceCookies, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and on plain http
  document.cookie = `${preferenceCookies[name]}=${encodeURIComponent(value)}; path=/; max-age=${yearSeconds}; samesite=lax`;
}
