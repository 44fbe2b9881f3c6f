import { AssayError, type ErrorCode, endpointAddress } from "@assay/schema";
import { Passing } from "./passing.ts";

/** Answers that another try may change: too early or too many requests, and faults of the server and what stands before it. */
const passing: Readonly<Record<number, ErrorCode>> = {
  408: "timeout",
  425: "unreachable",
  429: "rate-limited",
  500: "unreachable",
  502: "unreachable",
  503: "unreachable",
  504: "timeout",
};

const codes: Readonly<Record<number, ErrorCode>> = { 401: "unauthorized", 403: "forbidden", 404: "not-found" };

const cures: Readonly<Record<number, string>> = {
  404: "check the path in model.endpoint.url",
  405: "it must take POST",
  413: "ask about fewer rows at once (batch)",
  429: "ask less often: lower per_second or concurrent",
  504: "what stands before it gave up waiting: ask about fewer rows at once (batch)",
};

/** The error of an answer that is none of 2xx. `said` is what the server says, fit to be told. */
export function refusal(
  response: Response,
  said: string,
  { secrets }: { readonly secrets: Readonly<Record<string, string>> },
): AssayError {
  const { status } = response;
  const message = `answers ${status}${said === "" ? "" : `: ${said}`}`;
  const code = passing[status];
  if (code !== undefined) {
    const cure = cures[status] ?? "its own log tells why";
    return new Passing(code, message, cure, retryAfterMs(response));
  }
  if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) return redirect(response);
  const names = Object.keys(secrets);
  const key =
    names.length === 0
      ? "give it its key in model.endpoint.headers"
      : `check ${names.join(", ")}, which ${names.length === 1 ? "is" : "are"} in its headers`;
  const cure =
    cures[status] ?? (status === 401 || status === 403 ? key : "check that request and inputs are what it takes");
  return new AssayError(codes[status] ?? "model-invalid", `${message}; ${cure}`);
}

function redirect(response: Response): AssayError {
  const location = response.headers.get("location");
  const base = response.url === "" ? undefined : response.url;
  const place = location !== null && URL.canParse(location, base) ? new URL(location, base) : null;
  const where = place === null || place.origin === "null" ? "elsewhere" : `to ${endpointAddress({ url: place.href })}`;
  return new AssayError(
    "model-invalid",
    `answers ${response.status} and sends on ${where}, which is not followed: headers with secrets would go there too; write the last address in model.endpoint.url`,
  );
}

/** Milliseconds that the server asks to wait: seconds, or a moment by its own clock. */
function retryAfterMs({ headers }: Response): number | null {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (text === "") return null;
  const seconds = Number(text);
  if (seconds >= 0) return seconds * 1000;
  const wait = Date.parse(text) - Date.parse(headers.get("date") ?? "");
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}
