import { type ErrorCode, errorCodes } from "@assay/schema";
import { z } from "zod";

export const ErrorCodeShape = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);
export const ProblemShape = z.object({ at: z.string(), message: z.string(), line: z.int().exactOptional() });

/** What every REST call answers where it fails. */
export const ErrorBody = z.object({ code: ErrorCodeShape, message: z.string(), problems: z.array(ProblemShape) });
export type ErrorBody = z.output<typeof ErrorBody>;
