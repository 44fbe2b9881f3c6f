import type { Finding, LocalizedText } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { type GapClaim, gapFinding } from "../../groups/gap-finding.ts";
import { Reading, slugsOf } from "../../groups/reading.ts";
import type { GroupSettings } from "../../groups/settings.ts";
import { percentText, tidyChinese } from "../../wording/index.ts";
import { judgeLabels } from "./judge-labels.ts";
import { judgeMissing } from "./judge-missing.ts";
import { judgeProxies } from "./judge-proxies.ts";
import { judgeShares } from "./judge-shares.ts";
import type { Input } from "./settings.ts";

const baseRates: GapClaim = {
  metric: "base-rate",
  label: { en: "the base rate", "zh-CN": "基准率" },
  subject: { en: "Base rates", "zh-CN": "基准率" },
  verb: "differ",
  between: (most, least) => ({
    en: `Of rows with a label, ${percentText(most.value)} of ${most.name.en} and ${percentText(least.value)} of ${least.name.en} are positive`,
    "zh-CN": `在有标签的行中，${most.name["zh-CN"]} 有 ${percentText(most.value)} 为正，${least.name["zh-CN"]} 有 ${percentText(least.value)} 为正`,
  }),
  spread: { en: "The base rate", "zh-CN": "基准率" },
  advice: {
    en: "Ask who gave these labels and how: a model learns the gap, whatever its cause.",
    "zh-CN": "请追问这些标签由谁、如何给出：无论原因如何，模型都会学到这一差距。",
  },
};

export function judge({ measures }: Conclusion, context: AuditContext<Input>): Finding[] {
  const { roles, input } = context;
  const reading = new Reading(measures);
  const slugs = slugsOf(roles);
  const asGroups: AuditContext<GroupSettings> = { ...context, input: { ...input, bins: 15 } };
  const findings = [
    ...roles.groupings.flatMap((by) => [
      ...judgeShares(by, reading, context),
      ...gapFinding(baseRates, by, reading, asGroups, `groups-by-${slugs.get(JSON.stringify(by)) ?? "group"}`).map(
        // A base rate is no verdict: lives may differ. It never ranks with decisions that do.
        (finding): Finding => (finding.severity === "high" ? { ...finding, severity: "medium" } : finding),
      ),
    ]),
    ...judgeLabels(reading, context),
    ...judgeMissing(measures, context),
    ...judgeProxies(measures, context),
  ];
  return findings.map((finding): Finding => {
    const text: LocalizedText = { en: finding.text.en, "zh-CN": tidyChinese(finding.text["zh-CN"]) };
    return { ...finding, text };
  });
}
