import { AssayError, type ErrorCode } from "@assay/schema";

/** A failure that a further try may mend. */
export class Passing extends AssayError {
  /** What to do where it does not pass. */
  readonly cure: string;
  /** How long the server asks to be left alone; null where it does not. */
  readonly waitMs: number | null;

  constructor(code: ErrorCode, message: string, cure: string, waitMs: number | null = null) {
    super(code, message);
    this.cure = cure;
    this.waitMs = waitMs;
  }

  /** The same when it is tried no more. */
  told(rest: string): AssayError {
    return new AssayError(this.code, `${this.message}, ${rest}`);
  }
}
