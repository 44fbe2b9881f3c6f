import { AssayError } from "@assay/schema";
import { z } from "zod";
import { defineAudit } from "../../define.ts";
import { concludeProfile } from "./conclude.ts";
import { judgeProfile } from "./judge.ts";
import { references } from "./references.ts";
import { type ProfileSummary, plain } from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

const overall = [
  "activation-bytes",
  "arithmetic-intensity",
  "comparisons",
  "floating-point-operations",
  "most-comparisons",
  "multiply-accumulates",
  "parameters",
  "peak-activation-bytes",
  "size-bytes",
  "weight-bytes",
] as const;

const closed = {
  en: "an endpoint does not tell what is inside its model; give the model's file",
  "zh-CN": "端点不会透露其模型的内部结构；请改为提供模型文件",
};

/** What a row of a model costs, as its file tells it: nothing runs. */
export const profile = defineAudit({
  id: "efficiency.profile",
  version: 1,
  input: z.strictObject({}),
  needs: { columns: [], uses: [], model: "file" },
  problems: (_, roles) =>
    roles.model?.about.format === "endpoint" ? [{ at: "model", message: closed.en, reason: closed }] : [],
  requests: () => [],
  gives: () => overall.map((metric) => ({ metric, scope: "overall", by: [] })),
  plan: (shards, _, previous) => (previous === null ? [{ start: 0, end: shards.rows, detail: null }] : null),
  async measure(_, __, { model }): Promise<ProfileSummary> {
    if (!model?.profile) throw new AssayError("not-supported", "the model's file does not tell what is inside");
    const { sizeBytes, files = [] } = model.about;
    return {
      sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, sizeBytes),
      profile: plain(model.profile),
    };
  },
  merge: (a) => a,
  conclude: concludeProfile,
  judge: judgeProfile,
  text: { en, "zh-CN": zhCN },
  references,
});
