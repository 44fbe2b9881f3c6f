/**
 * Where server components reach the API: the same process, over loopback. The server sets ASSAY_ORIGIN once it
 * listens; PORT is the fallback.
 */
export function apiOrigin(): string {
  return process.env["ASSAY_ORIGIN"] ?? `http://127.0.0.1:${process.env["PORT"] ?? "3000"}`;
}
