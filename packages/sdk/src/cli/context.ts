import type { Writable } from "node:stream";
import { AssayError, type Locale, locales } from "@assay/schema/plain";

/** What a command may touch of the process around it. */
export interface CliContext {
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** 0 done, 1 the gate failed, 2 not completed, 3 the gate is indeterminate, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

export function print(context: CliContext, text: string): void {
  context.stdout.write(`${harmless(text)}\n`);
}

export function note(context: CliContext, text: string): void {
  context.stderr.write(`${harmless(text)}\n`);
}

/**
 * Texts of data and of servers are strangers' texts: signs that a terminal would obey, or that turn the reading direction, stand
 * written out, which in JSON is the same text.
 */
export function harmless(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** `--lang`, else the language of the environment, else English. */
export function localeOf(option: string | undefined, context: CliContext): Locale {
  if (option !== undefined) {
    const found = locales.find((locale) => locale === option);
    if (found) return found;
    throw new AssayError("usage", `--lang takes ${locales.join(" or ")}, not "${option}"`);
  }
  const spoken = context.env.LC_ALL || context.env.LC_MESSAGES || context.env.LANG || "";
  return /^zh/i.test(spoken) ? "zh-CN" : "en";
}
