import type { Renderer } from "./renderer.ts";

/** The report itself, as contracts say: readable by people, and by `verifyReport`. The same in every language. */
export const json = {
  id: "json",
  extension: "json",
  mediaType: "application/json",
  render: (report) => `${JSON.stringify(report, null, 2)}\n`,
} as const satisfies Renderer;
