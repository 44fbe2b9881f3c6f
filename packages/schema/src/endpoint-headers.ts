import type { Endpoint } from "./endpoint.ts";
import type { Problem } from "./error.ts";
import { isSecretHeader, looksLikeKey } from "./secret-name.ts";

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What a header may hold: a line break would end it, and of other signs no two servers think alike. */
const sendable = /^[\t\x20-\x7e]*$/;

/** The sender's own: setting them would break the request. */
const reserved = [
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** What is wrong with headers as a plan writes them. A value that looks like a secret is not repeated. */
export function headerProblems(
  headers: Readonly<Record<string, string>>,
): readonly { readonly name: string; readonly message: string }[] {
  const seen = new Set<string>();
  return Object.entries(headers).flatMap(([name, value]) => {
    const lower = name.toLowerCase();
    const again = seen.has(lower);
    seen.add(lower);
    const message = again ? "the same header twice; capitals make no difference" : headerProblem(name, lower, value);
    return message === null ? [] : [{ name, message }];
  });
}

function headerProblem(name: string, lower: string, value: string): string | null {
  if (!token.test(name)) return "is no name of a header: letters, digits and - only";
  if (reserved.includes(lower)) return "is set by the sender itself; leave it out";
  const literal = value.replaceAll(variable, "");
  if (literal.includes("${")) return `holds a variable that is none; write \${NAME} with letters, digits and _ only`;
  const scheme = /^(Basic|Bearer|Token)\b/i.exec(value.trim())?.[1];
  if (literal === value && (scheme !== undefined || isSecretHeader(name) || looksLikeKey(value))) {
    const cure = `${scheme === undefined ? "" : `${scheme} `}\${ASSAY_ENDPOINT_KEY}`;
    return `looks like a secret, which a plan would keep and show; write "${cure}" and give the environment that variable`;
  }
  return sendable.test(value) ? null : "holds a character that no header can hold, such as a line break";
}

/** The environment's variables that an endpoint's headers name, in order, each once. */
export function headerVariables({ headers }: Pick<Endpoint, "headers">): readonly string[] {
  const named = Object.values(headers).flatMap((value) =>
    Array.from(value.matchAll(variable), ([, name = ""]) => name),
  );
  return [...new Set(named)];
}

/** Headers as they are sent, and what in them must not be told. */
export interface FilledHeaders {
  readonly headers: Readonly<Record<string, string>>;
  /** Values of the variables, by their names. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Fills the variables in an endpoint's headers in. `value` gives a variable's value; undefined or empty where there is
 * none, or a problem of its own.
 */
export function fillHeaders(
  endpoint: Pick<Endpoint, "headers">,
  value: (name: string) => string | { readonly problem: string } | undefined,
): { readonly filled: FilledHeaders; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const secrets: Record<string, string> = {};
  const headers: Record<string, string> = {};
  for (const [header, text] of Object.entries(endpoint.headers)) {
    const at = `model.endpoint.headers.${header}`;
    headers[header.toLowerCase()] = text.replaceAll(variable, (_, name: string) => {
      const found = value(name);
      if (typeof found === "object") problems.push({ at, message: found.problem });
      else if (found === undefined || found === "") {
        problems.push({ at, message: `the environment has no variable ${name}; set it where the audit runs` });
      } else if (!sendable.test(found)) {
        problems.push({
          at,
          message: `the variable ${name} holds a character that no header can hold, such as a line break`,
        });
      } else {
        secrets[name] = found;
        return found;
      }
      return "";
    });
  }
  return { filled: { headers, secrets }, problems };
}

/** A text in which every secret stands as `${NAME}`, also in the forms that JSON, addresses and Base64 give it. */
export function redact(text: string, secrets: Readonly<Record<string, string>>): string {
  const forms = Object.entries(secrets).flatMap(([name, secret]) =>
    [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64(secret), fromBase64(secret)].map(
      (form) => [form, `\${${name}}`] as const,
    ),
  );
  // The longest first: one secret may hold another.
  return forms
    .filter(([form]) => form !== "")
    .sort(([a], [b]) => b.length - a.length)
    .reduce((told, [form, name]) => told.replaceAll(form, () => name), text);
}

/** What stands in Base64 in a secret, as in that of `Basic`: a name and a password. */
function fromBase64(secret: string): string {
  if (!/^[A-Za-z0-9+/]{4,}={0,2}$/.test(secret)) return "";
  try {
    const text = atob(secret);
    return /^[\x20-\x7e]{4,}$/.test(text) ? text : "";
  } catch {
    return "";
  }
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("")).replace(
    /=+$/,
    "",
  );
}
