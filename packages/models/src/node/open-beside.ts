import { closeSync, constants, fstatSync, openSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, normalize, sep } from "node:path";
import { type AssayError, type ErrorCode, isAssayError } from "@assay/schema";

/**
 * Opens a file in a folder or below it, and not by way of a link, which could lead anywhere: a model and a table must not
 * read what their auditor did not give. `owner` is whose folder it is, for messages: `the model`.
 * @throws what `fault` makes
 */
export function openBeside(
  folder: string,
  location: string,
  owner: string,
  fault: (message: string, code?: ErrorCode) => AssayError,
): number {
  const path = normalize(location);
  if (isAbsolute(path) || path === ".." || path.startsWith(`..${sep}`) || location.includes("\0")) {
    throw fault(`lies outside ${owner}'s folder; put the file beside ${owner}`);
  }
  const whole = join(folder, path);
  let handle: number;
  try {
    const real = realpathSync(dirname(whole));
    const root = realpathSync(folder);
    if (real !== root && !real.startsWith(root + sep)) {
      throw fault(`lies in a linked folder; put the file itself beside ${owner}`);
    }
    handle = openSync(whole, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    if (isAssayError(cause)) throw cause;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (code === "ENOENT" || code === "ENOTDIR") throw fault(`is not there; copy it beside ${owner}`, "not-found");
    if (code === "ELOOP") throw fault(`is a link; put the file itself beside ${owner}`);
    throw fault(`cannot be read (${code})`);
  }
  if (fstatSync(handle).isFile()) return handle;
  closeSync(handle);
  throw fault("is no file");
}
