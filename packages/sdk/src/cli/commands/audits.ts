import type { AuditDefinition } from "@assay/audits";
import type { Policy } from "@assay/schema";
import { AssayError, type Locale, nearestName } from "@assay/schema/plain";
import { localeOf, print } from "../context.ts";
import type { AddCommand } from "./index.ts";

/** `assay audits [id]`: the list, or one audit or policy explained. All of it comes from the registry and the frameworks. */
export const addAudits: AddCommand = (program, context) => {
  program
    .command("audits")
    .summary("list the audits and the laws, or explain one")
    .description(
      "Lists the audits, and the laws and guidance that a plan can name as its policy; or explains one of them.",
    )
    .argument("[id]", "such as fairness.group-metrics or nyc-ll144")
    .option("--json", "print JSON")
    .option("--lang <code>", "en or zh-CN")
    .action(async (id: string | undefined, options: { json?: boolean; lang?: string }) => {
      const locale = localeOf(options.lang, context);
      const [{ frameworks, registry: list }, laws] = await Promise.all([
        import("@assay/audits"),
        import("@assay/report/text"),
      ]);
      const registry: readonly AuditDefinition[] = list;
      const { z } = await import("zod");
      const schemaOf = (audit: AuditDefinition): unknown => z.toJSONSchema(audit.input, { io: "input" });
      if (id === undefined) {
        if (options.json) {
          print(
            context,
            JSON.stringify(
              registry.map((audit) => jsonOf(audit, schemaOf(audit))),
              null,
              2,
            ),
          );
          return;
        }
        for (const audit of registry) print(context, `${audit.id}\n  ${audit.text[locale].question}`);
        print(context, `\n${locale === "en" ? "Policies of a plan" : "计划可采用的政策"}`);
        for (const policy of frameworks) {
          print(context, `${policy.id}\n  ${policy.title[locale]} · ${laws.lawFacts(policy, locale)}`);
        }
        return;
      }
      const audit = registry.find((one) => one.id === id);
      const law = frameworks.find((one) => one.id === id);
      if (law) {
        print(context, options.json ? JSON.stringify(law, null, 2) : explainLaw(law, locale, laws));
        return;
      }
      if (!audit) {
        const near = nearestName(
          id,
          [...registry, ...frameworks].map((one) => one.id),
        );
        throw new AssayError(
          "not-found",
          `no audit "${id}"${near ? `; did you mean "${near}"?` : "; `assay audits` lists them"}`,
        );
      }
      print(context, options.json ? JSON.stringify(jsonOf(audit, schemaOf(audit)), null, 2) : explain(audit, locale));
    });
};

function jsonOf(audit: AuditDefinition, settings: unknown): unknown {
  const { id, version, needs, text, references } = audit;
  return { id, version, needs, settings, defaults: audit.input.parse({}), text, references };
}

function explain(audit: AuditDefinition, locale: Locale): string {
  const text = audit.text[locale];
  const heads =
    locale === "en"
      ? {
          method: "Method",
          reading: "How to read it",
          action: "What to do",
          limits: "Limits",
          needs: "Needs",
          uses: "Uses where given",
          settings: "Settings",
          references: "References",
        }
      : {
          method: "方法",
          reading: "如何解读",
          action: "可采取的行动",
          limits: "局限",
          needs: "需要",
          uses: "如有则使用",
          settings: "设置",
          references: "参考",
        };
  const or = locale === "en" ? " or " : " 或 ";
  const needs = [
    ...(audit.needs.model === undefined ? [] : ["model"]),
    ...audit.needs.columns.map((need) => (typeof need === "string" ? need : need.join(or))),
  ].join(", ");
  const defaults = audit.input.parse({});
  const settings = Object.keys(audit.input.shape).map((key) => {
    const value = defaults[key];
    const told = value === undefined ? "" : ` (${locale === "en" ? "default" : "默认"} ${JSON.stringify(value)})`;
    const { help = "", example } = text.settings[key] ?? {};
    return `  ${key}${told}\n    ${help}${example === undefined ? "" : `\n    ${key}: ${example}`}`;
  });
  return [
    `${audit.id}  ${text.name}`,
    "",
    text.question,
    "",
    ...section(heads.method, text.method),
    ...section(heads.reading, text.reading),
    ...section(heads.action, text.action),
    ...section(heads.limits, text.limits),
    `${heads.needs}: ${needs}`,
    ...(audit.byRequest === true
      ? [locale === "en" ? "It runs only where a plan names it" : "仅在计划中写明时运行"]
      : []),
    ...(audit.asks === undefined
      ? []
      : [
          locale === "en"
            ? "Of an endpoint it runs only where the plan names it: it asks about every row many times"
            : "模型为端点时，仅在计划中写明后才运行：每一行都要询问多次",
        ]),
    ...(audit.needs.uses.length > 0 ? [`${heads.uses}: ${audit.needs.uses.join(", ")}`] : []),
    "",
    heads.settings,
    ...settings,
    "",
    heads.references,
    ...audit.references.map((one) => `  ${one.of}: ${one.citation} ${one.url}`),
  ].join("\n");
}

/** A policy: what it is, what was checked, and its provisions. */
function explainLaw(policy: Policy, locale: Locale, laws: typeof import("@assay/report/text")): string {
  const w = laws.lawWords[locale];
  const dates = laws.lawDates(policy, locale);
  const clauses = (policy.clauses ?? []).flatMap((clause) => [
    `  ${clause.cite}`,
    `    ${clause.asks[locale]}`,
    ...(clause.evidence ?? []).map(
      ({ audit, metrics }) => `    ${w.speaks}: ${audit}${metrics === undefined ? "" : ` (${metrics.join(", ")})`}`,
    ),
    ...(clause.document ?? []).map((one) => `    ${w.document}: ${one[locale]}`),
  ]);
  return [
    `${policy.id}  ${policy.title[locale]}`,
    "",
    laws.lawFacts(policy, locale),
    ...(policy.note === undefined ? [] : ["", policy.note[locale]]),
    "",
    ...(policy.gate === "none" ? [w.reports] : policy.rules.map((rule) => `${w.judges}: ${ruleText(rule, locale)}`)),
    "",
    ...(dates.length === 0 ? [] : [w.dates, ...dates.map((date) => `  ${date}`), ""]),
    ...(clauses.length === 0 ? [] : [w.clause, ...clauses, ""]),
    ...laws.lawChecked(policy, locale),
    w.source,
    ...[policy.citation, policy.source].filter((one) => one !== undefined).map((one) => `  ${one}`),
  ].join("\n");
}

function ruleText({ metric, by, at_least, at_most }: Policy["rules"][number], locale: Locale): string {
  const columns = by?.join(" × ");
  const of = columns === undefined ? "" : locale === "en" ? ` by ${columns}` : `（按 ${columns}）`;
  return `${metric}${of} ${at_least === undefined ? `≤ ${at_most}` : `≥ ${at_least}`}`;
}

function section(head: string, body: string): string[] {
  return [head, ...body.split("\n").map((line) => `  ${line}`), ""];
}
