import { createHmac } from "node:crypto";
import { AssayError } from "@assay/schema";

const answerWithinMs = 10_000;

export const signatureHeader = "x-assay-signature";

/**
 * Signs a body as `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 by the form's secret over `<unix seconds>.<body>`. Who receives it
 * makes the same and refuses an old time, so that a notice cannot be made up or sent again.
 */
export function signWebhook(secret: string, body: string, now: number): string {
  const seconds = Math.floor(now / 1000);
  return `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;
}

/** Why the server does not send there; null where it may. */
export function webhookProblem(url: string, origins: readonly string[]): string | null {
  const { origin } = new URL(url);
  if (origins.includes(origin)) return null;
  const others = origins.length === 0 ? "" : ` (it allows ${origins.join(", ")})`;
  return `this server sends nothing to ${origin}${others}; its operator allows it with the setting ASSAY_WEBHOOKS=${[...origins, origin].join(",")}`;
}

/**
 * Posts a notice. A redirect is an error: where it leads, nobody has allowed.
 * @throws AssayError unreachable, timeout; forbidden where the rules do not allow the address
 */
export async function postWebhook(notice: {
  readonly url: string;
  readonly secret: string;
  readonly body: string;
  readonly origins: readonly string[];
  readonly now: number;
  readonly signal?: AbortSignal;
}): Promise<void> {
  const { url, secret, body, origins, now, signal } = notice;
  // Rules may have changed since the address was set.
  const problem = webhookProblem(url, origins);
  if (problem !== null) throw new AssayError("forbidden", problem);
  const { origin } = new URL(url);
  const limit = AbortSignal.timeout(answerWithinMs);
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "Assay",
        [signatureHeader]: signWebhook(secret, body, now),
      },
      body,
      redirect: "manual",
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
  } catch (cause) {
    if (limit.aborted)
      throw new AssayError("timeout", `${origin} did not answer within ${answerWithinMs / 1000} s`, { cause });
    const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new AssayError("unreachable", `no answer from ${origin} (${inner})`, { cause });
  }
  // The answer's text is nobody's here.
  await response.body?.cancel();
  if (response.ok) return;
  const redirected = response.status >= 300 && response.status < 400;
  throw new AssayError(
    "unreachable",
    redirected
      ? `${origin} answered ${response.status}, a redirect, which is not followed; give the address that it leads to`
      : `${origin} answered ${response.status}`,
  );
}
