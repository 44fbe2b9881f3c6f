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
  context.stdout.write(`${text}\n`);
}

export function note(context: CliContext, text: string): void {
  context.stderr.write(`${text}\n`);
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
