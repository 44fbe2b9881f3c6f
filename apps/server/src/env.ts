import { readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { resolve } from "node:path";
import { AssayError, type DeviceName, devices, type Problem } from "@assay/schema";
import { z } from "zod";
import { type EndpointRules, variablePrefix } from "./endpoints.ts";
import type { MailRules } from "./notices/mail.ts";

/** Every variable the server reads, as `.env.example` lists them. Those marked secret may be given as NAME_FILE. */
export const variables = {
  ASSAY_DATA_DIR: { secret: false },
  ASSAY_DEMO: { secret: false },
  ASSAY_DEVICE: { secret: false },
  ASSAY_ENDPOINTS: { secret: false },
  ASSAY_INIT_API_KEY: { secret: true },
  ASSAY_INIT_EMAIL: { secret: true },
  ASSAY_INIT_PASSWORD: { secret: true },
  ASSAY_LOG_LEVEL: { secret: false },
  ASSAY_MAIL_FROM: { secret: false },
  ASSAY_MODEL_MEMORY: { secret: false },
  ASSAY_SECRET: { secret: true },
  ASSAY_SMTP_URL: { secret: true },
  ASSAY_THREADS: { secret: false },
  ASSAY_TRUST_PROXY: { secret: false },
  ASSAY_UPLOAD_LIMIT: { secret: false },
  ASSAY_URL: { secret: false },
  ASSAY_WEBHOOKS: { secret: false },
  ASSAY_WORKERS: { secret: false },
  DATABASE_URL: { secret: true },
  HOST: { secret: false },
  PORT: { secret: false },
} as const satisfies Record<string, { secret: boolean }>;
type Name = keyof typeof variables;

const sizes = { "": 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30 } as const;

const SizeBytes = z.string().transform((text, context) => {
  const match = text.trim().match(/^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/);
  const unit = Object.entries(sizes).find(([name]) => name === match?.[2]?.toUpperCase())?.[1];
  if (match === null || unit === undefined) {
    context.addIssue({ code: "custom", message: `"${text}" is no size; write it as 500MB or 10GB` });
    return z.NEVER;
  }
  return Math.round(Number(match[1]) * unit);
});
const Flag = z
  .enum(["0", "1", "false", "true"], "write true or false")
  .transform((text) => text === "1" || text === "true");
const whole = (low: number, high: number) =>
  z.string().transform((text, context) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    context.addIssue({ code: "custom", message: `"${text}" is not a whole number from ${low} to ${high}` });
    return z.NEVER;
  });

/** Origins with commas between: exact ones, as what is asked beside them is not asked. */
const Origins = z.string().transform((text, context) =>
  text.split(",").flatMap((part, index) => {
    const given = part.trim();
    if (given === "") return [];
    const url = URL.canParse(given) ? new URL(given) : null;
    const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
    if (url !== null && isWeb && !given.includes("*") && [url.origin, `${url.origin}/`].includes(url.href)) {
      return [url.origin];
    }
    const what = url !== null && (url.username !== "" || url.password !== "") ? `entry ${index + 1}` : `"${given}"`;
    context.addIssue({
      code: "custom",
      message: `${what} is no origin; write scheme, host and port alone, such as https://models.example.org`,
    });
    return [];
  }),
);

const Variables = z.object({
  ASSAY_DATA_DIR: z.string().default(".assay"),
  ASSAY_DEMO: Flag.default(true),
  ASSAY_DEVICE: z.enum(["auto", ...devices], `write auto, ${devices.join(", ")}`).default("cpu"),
  ASSAY_ENDPOINTS: Origins.default([]),
  ASSAY_INIT_API_KEY: z.string().min(24, "an API key needs at least 24 characters").optional(),
  ASSAY_INIT_EMAIL: z.email("not an e-mail address").optional(),
  ASSAY_INIT_PASSWORD: z.string().min(8, "at least 8 characters").max(128, "at most 128 characters").optional(),
  ASSAY_LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug"], "write fatal, error, warn, info or debug")
    .default("warn"),
  ASSAY_MAIL_FROM: z.email("not an e-mail address").optional(),
  ASSAY_MODEL_MEMORY: SizeBytes.refine((bytes) => bytes >= 256e6, "at least 256MB").default(
    Math.max(1e9, Math.floor(totalmem() / 2)),
  ),
  ASSAY_SECRET: z.string().min(32, "a secret needs at least 32 characters").optional(),
  ASSAY_SMTP_URL: z.url({ protocol: /^smtps?$/, error: "not an smtp:// or smtps:// address" }).optional(),
  ASSAY_THREADS: whole(1, 256).default(Math.min(8, availableParallelism())),
  ASSAY_TRUST_PROXY: Flag.default(false),
  ASSAY_UPLOAD_LIMIT: SizeBytes.default(10e9),
  ASSAY_URL: z.url({ protocol: /^https?$/, error: "not an http(s) address" }).optional(),
  ASSAY_WEBHOOKS: Origins.default([]),
  ASSAY_WORKERS: whole(0, 64).default(1),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "not a postgresql:// address")
    .optional(),
  HOST: z.string().default("127.0.0.1"),
  PORT: whole(0, 65535).default(3000),
} satisfies Record<Name, z.ZodType>);

export interface Env {
  readonly dataFolder: string;
  /** Null: the PostgreSQL in the data folder. */
  readonly databaseUrl: string | null;
  readonly demo: boolean;
  /** What runs are measured on. */
  readonly device: "auto" | DeviceName;
  /** What plans may ask over the network; nothing unless it is set. */
  readonly endpoints: EndpointRules;
  readonly host: string;
  /** The first account, made where there is none. */
  readonly init: { readonly email: string; readonly password: string; readonly apiKey: string | null } | null;
  readonly logLevel: "fatal" | "error" | "warn" | "info" | "debug";
  /** Where letters go out; null: none do. */
  readonly mail: MailRules | null;
  /** Memory that opening one pushed model may take. */
  readonly modelMemoryBytes: number;
  /** 0: any free port. */
  readonly port: number;
  readonly secret: string | null;
  /** Threads that one run may use. */
  readonly threads: number;
  readonly trustProxy: boolean;
  readonly uploadLimitBytes: number;
  /** The address people use, where a proxy stands before the server. */
  readonly url: string | null;
  /** Origins that notices of feedback may be posted to; none unless it is set. */
  readonly webhooks: readonly string[];
  /** Worker processes that the server starts. */
  readonly workers: number;
}

/**
 * Reads the environment; an empty variable is one not set.
 * @throws AssayError usage with every problem
 */
export function readEnv(source: Readonly<Record<string, string | undefined>>, folder = process.cwd()): Env {
  const problems: Problem[] = [];
  const given: Record<string, string> = {};
  const read = (name: string, secret: boolean): string | undefined => {
    const value = source[name] === "" ? undefined : source[name];
    const file = secret ? source[`${name}_FILE`] : undefined;
    if (file === undefined || file === "") return value;
    if (value !== undefined) problems.push({ at: `${name}_FILE`, message: `give ${name} or ${name}_FILE, not both` });
    try {
      return readFileSync(resolve(folder, file), "utf8").replace(/\r?\n$/, "");
    } catch {
      problems.push({ at: `${name}_FILE`, message: `cannot read ${file}` });
      return value;
    }
  };
  for (const [name, { secret }] of Object.entries(variables)) {
    const value = read(name, secret);
    if (value !== undefined) given[name] = value;
  }
  // Secrets of endpoints have names that the operator chooses.
  const ofEndpoints: Record<string, string> = {};
  const chosen = Object.keys(source).flatMap((name) =>
    name.startsWith(variablePrefix) ? [name.replace(/_FILE$/, "")] : [],
  );
  for (const name of [...new Set(chosen)].sort()) {
    const value = read(name, true);
    if (value !== undefined) ofEndpoints[name] = value;
  }
  const init = ["ASSAY_INIT_EMAIL", "ASSAY_INIT_PASSWORD", "ASSAY_INIT_API_KEY"] as const satisfies readonly Name[];
  if (init.some((name) => name in given)) {
    for (const name of ["ASSAY_INIT_EMAIL", "ASSAY_INIT_PASSWORD"] as const satisfies readonly Name[]) {
      if (!(name in given)) problems.push({ at: name, message: "is needed with the other ASSAY_INIT_ variables" });
    }
  }
  for (const [name, other] of [
    ["ASSAY_MAIL_FROM", "ASSAY_SMTP_URL"],
    ["ASSAY_SMTP_URL", "ASSAY_MAIL_FROM"],
  ] as const satisfies readonly (readonly [Name, Name])[]) {
    if (name in given && !(other in given)) problems.push({ at: other, message: `is needed with ${name}` });
  }
  const parsed = Variables.safeParse(given);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map((issue) => ({ at: issue.path.join("."), message: issue.message })));
  }
  if (problems.length > 0 || !parsed.success) {
    const lines = problems.map((problem) => `  ${problem.at}: ${problem.message}`);
    throw new AssayError("usage", `the environment is not right:\n${lines.join("\n")}`, { problems });
  }
  const values = parsed.data;
  const { ASSAY_INIT_EMAIL: email, ASSAY_INIT_PASSWORD: password } = values;
  const { ASSAY_SMTP_URL: smtp, ASSAY_MAIL_FROM: from } = values;
  return {
    dataFolder: resolve(folder, values.ASSAY_DATA_DIR),
    databaseUrl: values.DATABASE_URL ?? null,
    demo: values.ASSAY_DEMO,
    device: values.ASSAY_DEVICE,
    endpoints: { origins: [...new Set(values.ASSAY_ENDPOINTS)], variables: ofEndpoints },
    host: values.HOST,
    init:
      email === undefined || password === undefined
        ? null
        : { email, password, apiKey: values.ASSAY_INIT_API_KEY ?? null },
    logLevel: values.ASSAY_LOG_LEVEL,
    mail: smtp === undefined || from === undefined ? null : { url: smtp, from },
    modelMemoryBytes: values.ASSAY_MODEL_MEMORY,
    port: values.PORT,
    secret: values.ASSAY_SECRET ?? null,
    threads: values.ASSAY_THREADS,
    trustProxy: values.ASSAY_TRUST_PROXY,
    uploadLimitBytes: values.ASSAY_UPLOAD_LIMIT,
    url: values.ASSAY_URL?.replace(/\/+$/, "") ?? null,
    webhooks: [...new Set(values.ASSAY_WEBHOOKS)],
    workers: values.ASSAY_WORKERS,
  };
}
