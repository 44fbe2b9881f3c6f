import { AssayError } from "@assay/schema/plain";

/** A server's address without a slash at its end. @throws AssayError usage, for an address that is none */
export function serverAddress(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new AssayError("usage", `"${text}" is not an address; write it like http://localhost:3000`, { cause });
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new AssayError("usage", `"${text}" is not an http or https address; write it like http://localhost:3000`);
  }
  return url.href.replace(/[?#].*$/, "").replace(/\/+$/, "");
}
