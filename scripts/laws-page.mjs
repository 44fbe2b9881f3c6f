// Writes the page of laws and guidance, docs/methods/laws.md, from the frameworks' own words: see docs.mjs.
import { frameworks } from "@assay/audits";
import { lawDates, lawFacts, lawWords } from "@assay/report/text";

const words = {
  en: {
    lead: "What a plan can name as its `policy`. Each sets rules only where its source writes a bound down; the others report. A report under one holds it as it stood, with its clauses and the day of the check, and shows which of its numbers speak to each. No number decides whether a law is met: that takes facts, a purpose and a judge. These pages are no legal advice, and laws move: look up what has changed since the day of the check.",
    policy: "Policy",
    what: "What it is",
    all: "All policies",
    none: "–",
    rules: "Its rules",
    read: "What was read",
    metrics: (metrics) => ` (${metrics.map((one) => `\`${one}\``).join(", ")})`,
  },
  "zh-CN": {
    lead: "计划的 `policy` 可以采用的法律与指南。仅当出处写明界限时才设规则，其余只作报告。采用后，报告会保存当时的条款与核对日期，并列出与各条款相关的数字。任何数字都不能判定是否符合法律：那取决于事实、目的与裁判者。本页不是法律意见；法律会变动，请查明核对日之后的变化。",
    policy: "政策",
    what: "内容",
    all: "全部政策",
    none: "–",
    rules: "规则",
    read: "核对依据",
    metrics: (metrics) => `（${metrics.map((one) => `\`${one}\``).join("、")}）`,
  },
};

/** The page's parts after its head. */
export function lawBlocks(locale) {
  const w = words[locale];
  const laws = lawWords[locale];
  const table = [
    `| ${w.policy} | ${w.what} | ${laws.status} |`,
    "| --- | --- | --- |",
    ...frameworks.map(
      (policy) =>
        `| [\`${policy.id}\`](#${anchor(policy.id)}) | ${cell(policy.title[locale])} | ${cell(lawFacts(policy, locale))} |`,
    ),
  ].join("\n");
  return [w.lead, table, ...frameworks.flatMap((policy) => policyBlocks(policy, locale))];
}

function policyBlocks(policy, locale) {
  const w = words[locale];
  const laws = lawWords[locale];
  const dates = lawDates(policy, locale);
  const rules = policy.rules.map(({ metric, at_least, at_most }) =>
    at_least === undefined ? `\`${metric}\` ≤ ${at_most}` : `\`${metric}\` ≥ ${at_least}`,
  );
  const rows = (policy.clauses ?? []).map(({ cite, asks, evidence = [], document = [] }) => {
    const speaks = evidence.map(
      ({ audit, metrics }) => `[${audit}](${audit}.md)${metrics === undefined ? "" : w.metrics(metrics)}`,
    );
    const open = document.map((one) => one[locale]);
    return `| ${[cite, asks[locale], speaks.join("<br>") || laws.noNumber, open.join("<br>") || w.none].map(cell).join(" | ")} |`;
  });
  return [
    `## ${policy.id}`,
    `**${policy.title[locale]}.** ${lawFacts(policy, locale)}.`,
    policy.note[locale],
    rules.length === 0 ? laws.reports : `${w.rules}: ${rules.join(", ")}.`,
    ...(dates.length === 0 ? [] : [dates.map((date) => `- ${date}`).join("\n")]),
    [
      `| ${laws.clause} | ${laws.asks} | ${laws.speaks} | ${laws.document} |`,
      "| --- | --- | --- | --- |",
      ...rows,
    ].join("\n"),
    `${laws.source}: ${policy.citation} <${policy.source}>`,
    `${w.read}, ${policy.checkedOn}: ${policy.checkedAgainst[locale]}`,
  ];
}

function anchor(id) {
  return id.toLowerCase();
}

function cell(text) {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
