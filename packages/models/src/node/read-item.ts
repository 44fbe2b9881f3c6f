import { createHash } from "node:crypto";
import { closeSync, fstatSync } from "node:fs";
import { AssayError } from "@assay/schema";
import { shown } from "../model-error.ts";
import type { ReadItem } from "../transformers/read-item.ts";
import { openBeside } from "./open-beside.ts";
import { readFully } from "./read-external-files.ts";

/** The largest image or sound that is read. */
const largestItemBytes = 2 ** 28;

/**
 * Reads images and sounds that a table names, by their paths from the folder of the table.
 * @throws AssayError data-invalid for a path outside the folder, not-found, data-too-large
 */
export function readItemIn(folder: string): ReadItem {
  return (path) => {
    const fault = (message: string, code: AssayError["code"] = "data-invalid") =>
      new AssayError(code, `${shown(path)} ${message}`);
    if (path === "") throw new AssayError("data-invalid", "no path; every row of the column names a file");
    const handle = openBeside(folder, path, "the data", fault);
    try {
      const { size } = fstatSync(handle);
      if (size > largestItemBytes)
        throw fault(`is ${size} bytes; up to ${largestItemBytes} are read`, "data-too-large");
      if (size === 0) throw fault("is empty");
      const bytes = new Uint8Array(size);
      readFully(handle, bytes, 0);
      return { bytes, digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}` };
    } finally {
      closeSync(handle);
    }
  };
}
