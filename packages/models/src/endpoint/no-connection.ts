import { AssayError } from "@assay/schema";
import { Passing } from "./passing.ts";

/** What no further try changes: no such name, no address that may be called, and a certificate that is not trusted. */
const lasting: readonly { readonly reason: RegExp; readonly cure: string }[] = [
  { reason: /^ENOTFOUND$/, cure: "no such host is known; check model.endpoint.url" },
  { reason: /^bad port$/, cure: "this port is kept for other services" },
  {
    reason: /^(CERT_|DEPTH_ZERO|ERR_TLS_CERT|SELF_SIGNED|UNABLE_TO_)/,
    cure: "its certificate is not trusted; set NODE_EXTRA_CA_CERTS to the file of the authority that signed it",
  },
  {
    reason: /^(EPROTO|ERR_SSL)/,
    cure: "it does not speak TLS as expected; is the address http:// rather than https://?",
  },
];

/** The error of a request that got no answer. */
export function noConnection(cause: unknown): AssayError {
  const reason = reasonOf(cause);
  const message = `no connection (${reason.text})`;
  const found = lasting.find((one) => one.reason.test(reason.code));
  return found === undefined
    ? new Passing("unreachable", message, "is it running, and is model.endpoint.url right?")
    : new AssayError("unreachable", `${message}; ${found.cure}`);
}

/** fetch hides what happened behind "fetch failed"; several addresses of one name are hidden behind that. */
function reasonOf(error: unknown): { readonly code: string; readonly text: string } {
  if (!(error instanceof Error)) return { code: "", text: String(error) };
  const inner = error.cause instanceof AggregateError ? error.cause.errors[0] : error.cause;
  const told = inner instanceof Error ? inner : error;
  const code = "code" in told && typeof told.code === "string" ? told.code : "";
  // OpenSSL tells where in its own source it was.
  const openSsl = /:error:[^:]*:[^:]*:[^:]*:([^:]+):/.exec(told.message)?.[1];
  const text = openSsl === undefined ? told.message || code || error.message : `TLS: ${openSsl}`;
  return { code: code === "" ? text : code, text };
}
