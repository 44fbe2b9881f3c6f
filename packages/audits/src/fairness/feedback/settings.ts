import type { LocalizedText, Problem } from "@assay/schema";
import { z } from "zod";
import { confidence } from "../../confidence.ts";
import type { Roles } from "../../roles.ts";

export const input = z.strictObject({
  confidence,
  min_count: z.int().min(0).default(30),
  /** Groups of fewer reports are not printed; 0 prints all. */
  min_reports: z.int().min(0).default(5),
  replicates: z.int().min(199).max(1_000_000).default(10_000),
});
export type Input = z.output<typeof input>;

export function feedbackProblems(
  _input: Input,
  { feedback }: Roles,
): readonly (Problem & { readonly reason: LocalizedText })[] {
  if (feedback !== null) return [];
  const reason = {
    en: "needs feedback, which the plan does not give; on a server, name this audit and the project's own reports are counted",
    "zh-CN": "需要 feedback，计划中没有给出；在服务器上，只要写明本审计，即统计项目自己收到的反馈",
  };
  return [
    { at: "feedback", message: `${reason.en}; elsewhere write feedback: { file: feedback.csv } in the plan`, reason },
  ];
}
