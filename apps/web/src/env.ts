/**
 * Where server components reach the API: in the same process, at the address it listens on. The server names it in
 * ASSAY_ORIGIN; where Next runs by itself, HOST and PORT say it.
 */
export function apiOrigin(): string {
  const { ASSAY_ORIGIN, HOST = "127.0.0.1", PORT = "3000" } = process.env;
  if (ASSAY_ORIGIN !== undefined) return ASSAY_ORIGIN;
  const host = HOST === "" || HOST === "0.0.0.0" || HOST === "::" ? "127.0.0.1" : HOST;
  return `http://${host.includes(":") ? `[${host}]` : host}:${PORT === "" ? "3000" : PORT}`;
}
