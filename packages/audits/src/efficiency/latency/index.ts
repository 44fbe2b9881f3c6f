import { defineAudit } from "../../define.ts";
import { concludeLatency } from "./conclude.ts";
import { judgeLatency } from "./judge.ts";
import { references } from "./references.ts";
import { latencyInput } from "./settings.ts";
import { type LatencySummary, measureLatency, mergeLatency, planLatency } from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

const overall = [
  "first-call-ms",
  "latency-ms",
  "latency-p95-ms",
  "latency-p99-ms",
  "rows-per-second",
  "slowest-call-ms",
] as const;

const elsewhere = {
  en: "times the model on this machine, and an endpoint runs on another, behind a network; give the model's file",
  "zh-CN": "测量的是模型在本机上的耗时，而端点运行在网络另一端的机器上；请改为提供模型文件",
};

/** How long the model takes to answer, on the machine that runs the audit. */
export const latency = defineAudit<typeof latencyInput, LatencySummary>({
  id: "efficiency.latency",
  version: 3,
  volatile: true,
  input: latencyInput,
  needs: { columns: [], uses: [], model: "predict" },
  problems: (_, roles) =>
    roles.model?.about.format === "endpoint" ? [{ at: "model", message: elsewhere.en, reason: elsewhere }] : [],
  requests: () => [],
  gives: () => overall.map((metric) => ({ metric, scope: "overall", by: [] })),
  plan: (shards, context, previous) => (previous === null ? planLatency(shards, context) : null),
  measure: measureLatency,
  merge: mergeLatency,
  conclude: concludeLatency,
  judge: judgeLatency,
  text: { en, "zh-CN": zhCN },
  references,
});
