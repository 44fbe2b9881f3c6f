export { readReport } from "./read-report.ts";
export { sealReport } from "./seal-report.ts";
export { type Verification, verifyReport } from "./verify-report.ts";
