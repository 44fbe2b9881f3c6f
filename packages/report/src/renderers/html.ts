import type { AuditResult, Figure, GateRule, Locale, Report } from "@assay/schema";
import { answer } from "../answer.ts";
import { deviceText } from "../device-text.ts";
import { escapeHtml, tieNumbers } from "../display-text.ts";
import { figureTable } from "../figures/figure-table.ts";
import { renderFigure } from "../figures/render-figure.ts";
import { findingParts, type PlacedFinding, sortedFindings } from "../findings.ts";
import { formatNumber } from "../format.ts";
import { clauseEvidence, evidenceText, lawChecked, lawDates, lawFacts, lawWords } from "../laws.ts";
import { pillarVerdicts } from "../pillar-verdicts.ts";
import { renderTable } from "../render-table.ts";
import { words } from "../words/index.ts";
import { htmlStyle } from "./html-style.ts";
import type { Renderer } from "./renderer.ts";
import { ledeOf, modelFiles, planLines, startedText } from "./report-lines.ts";

/** Figures are drawn twice, for page and phone: a picture made small would have letters nobody can read. */
const widths = { beside: 560, wide: 760, narrow: 358 } as const;

/** Signs differ in shape before they differ in colour. */
export const verdictSigns = { pass: "●", fail: "▲", indeterminate: "◐", info: "◇", none: "–" } as const;

/**
 * The report as one HTML file: no scripts, nothing fetched, inline style and SVG, light and dark, fit for paper. Every text of the
 * data is escaped and stands in a `bdi` where its direction could matter.
 */
export const html = {
  id: "html",
  extension: "html",
  mediaType: "text/html; charset=utf-8",
  render: (report, { locale }) => {
    const page = new Page(report, locale);
    return [
      "<!doctype html>",
      `<html lang="${locale}">`,
      '<head><meta charset="utf-8">',
      '<meta name="viewport" content="width=device-width,initial-scale=1">',
      '<meta name="generator" content="Assay">',
      `<title>${escapeHtml(report.plan.project)} · ${words[locale].report} · Assay</title>`,
      `<style>${htmlStyle}</style></head>`,
      "<body><main>",
      page.opening(),
      page.strip(),
      page.checks(),
      page.notes(),
      page.findings(),
      page.audits(),
      ...[page.laws()].filter((part) => part !== ""),
      page.notDone(),
      page.data(),
      page.evidence(),
      "</main></body></html>",
      "",
    ].join("\n");
  },
} as const satisfies Renderer;

class Page {
  readonly #report: Report;
  readonly #locale: Locale;
  /** Figures already drawn, by audit and id: each stands once. */
  readonly #drawn = new Set<string>();

  constructor(report: Report, locale: Locale) {
    this.#report = report;
    this.#locale = locale;
  }

  get #words() {
    return words[this.#locale];
  }

  opening(): string {
    const { plan, environment } = this.#report;
    return `<header><p class="crumb"><b><bdi>${escapeHtml(plan.project)}</bdi></b><span>${this.#words.report}</span><time datetime="${escapeHtml(
      environment.startedAt,
    )}">${startedText(environment.startedAt)}</time></p>
<h1>${escapeHtml(tieNumbers(answer(this.#report, this.#locale), this.#locale))}</h1>
<p class="lede">${escapeHtml(ledeOf(this.#report, this.#locale))}</p></header>`;
  }

  strip(): string {
    const items = pillarVerdicts(this.#report).map(
      ({ pillar, verdict, line }) =>
        `<li><p class="v ${verdict}">${this.#verdict(verdict)}</p><b>${this.#words.pillar[pillar]}</b><em>${breakable(escapeHtml(tieNumbers(line[this.#locale], this.#locale)))}</em></li>`,
    );
    return `<ol class="strip">${items.join("")}</ol>`;
  }

  checks(): string {
    const { rules } = this.#report.gate;
    const w = this.#words;
    if (rules.length === 0) return "";
    const order = { fail: 0, indeterminate: 1, pass: 2 } as const satisfies Record<GateRule["verdict"], number>;
    const rows = [...rules]
      .sort((a, b) => order[a.verdict] - order[b.verdict])
      .map(
        (rule) =>
          `<tr><td><span class="v ${rule.verdict}">${this.#verdict(rule.verdict)}</span></td><td>${escapeHtml(
            tieNumbers(rule.text[this.#locale], this.#locale),
          )}</td><td>${rule.source === "plan" ? w.ofPlan : `<code>${escapeHtml(rule.source)}</code>`}${rule.volatile === true ? ` (${w.volatileShort})` : ""}</td></tr>`,
      );
    return `<section aria-labelledby="checks"><h2 id="checks">${w.checks}</h2><table class="plain checks"><caption class="unseen">${w.checks}</caption><thead><tr><th scope="col">${w.result}</th><th scope="col">${w.check}</th><th scope="col">${w.source}</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></section>`;
  }

  /** What the reader of the data met, before the findings that rest on it. */
  notes(): string {
    const { warnings } = this.#report.data;
    if (warnings.length === 0) return "";
    const w = this.#words;
    const items = warnings.map((warning) => `<li>${escapeHtml(tieNumbers(warning[this.#locale], this.#locale))}</li>`);
    return `<section class="notes" aria-labelledby="notes"><h2 id="notes">${w.notes}</h2><ul>${items.join("\n")}</ul></section>`;
  }

  findings(): string {
    const placed = sortedFindings(this.#report);
    const grave = placed.filter((one) => !isBrief(one));
    const brief = placed.filter(isBrief);
    const body =
      placed.length === 0
        ? `<p class="note">${this.#words.noFindings}</p>`
        : grave.map((one) => this.#finding(one)).join("\n");
    const also =
      brief.length === 0
        ? ""
        : `<h2 class="also" id="also">${this.#words.alsoNoted}</h2>${brief.map((one) => this.#briefly(one)).join("\n")}`;
    return `<section aria-labelledby="findings"><h2 id="findings">${this.#words.findings}</h2>${body}${also}</section>`;
  }

  #finding(placed: PlacedFinding): string {
    const { finding, audit, verdict } = placed;
    const figure = audit.figures.find((one) => one.id === finding.figure);
    const drawn = figure === undefined ? "" : this.#figure(figure, audit, widths.beside);
    const severity =
      verdict === "fail" || verdict === "indeterminate" ? ` · ${this.#words.severity[finding.severity]}` : "";
    return `<article class="finding${drawn === "" ? " alone" : ""}"><div><p class="v ${verdict}">${this.#verdict(
      verdict,
    )}${severity}</p>${this.#said(placed, drawn === "")}</div>${drawn}</article>`;
  }

  /** Findings of low severity stand without their figure, which follows with its audit. */
  #briefly(placed: PlacedFinding): string {
    return `<article class="brief"><p class="v ${placed.verdict}">${this.#verdict(placed.verdict)}</p><div>${this.#said(placed, true)}</div></article>`;
  }

  #said({ finding, audit }: PlacedFinding, linkFigure: boolean): string {
    const { claim, rest } = findingParts(finding.text[this.#locale]);
    const figure = linkFigure && finding.figure !== undefined ? finding.figure : null;
    const links = [
      ...(figure === null ? [] : [`<a href="#${this.#anchor("figure", audit, figure)}">${this.#words.seeFigure}</a>`]),
      ...(finding.table === undefined
        ? []
        : [`<a href="#${this.#anchor("table", audit, finding.table)}">${this.#words.seeTable}</a>`]),
    ];
    const paragraph = rest === "" ? "" : `<p>${escapeHtml(tieNumbers(rest, this.#locale))}</p>`;
    const more = `<p class="more"><code>${audit.id}</code>${links.length === 0 ? "" : ` · ${links.join(" · ")}`}</p>`;
    return `<h3>${escapeHtml(tieNumbers(claim, this.#locale))}</h3>${paragraph}${more}`;
  }

  /** The figure with its caption and the table behind it; empty where it already stands on the page. */
  #figure(figure: Figure, audit: AuditResult, width: number): string {
    const anchor = this.#anchor("figure", audit, figure.id);
    if (this.#drawn.has(anchor)) return "";
    this.#drawn.add(anchor);
    const locale = this.#locale;
    const wide = renderFigure(figure, { locale, width });
    const narrow = renderFigure(figure, { locale, width: widths.narrow });
    const table = renderTable(figureTable(figure), { locale, heading: true });
    return `<figure id="${anchor}"><div class="wide scroll">${wide}</div><div class="narrow scroll">${narrow}</div><figcaption>${escapeHtml(
      tieNumbers(figure.caption[locale], locale),
    )}</figcaption><details><summary>${this.#words.details}</summary><div class="scroll" tabindex="0" role="group" aria-label="${escapeHtml(
      this.#words.tableOfFigure,
    )}">${table}</div></details></figure>`;
  }

  audits(): string {
    return this.#report.audits
      .map((audit) => {
        const figures = audit.figures
          .filter((figure) => !this.#drawn.has(this.#anchor("figure", audit, figure.id)))
          .map(
            (figure) =>
              `<div class="part"><h3>${escapeHtml(figure.title[this.#locale])}</h3>${this.#figure(figure, audit, widths.wide)}</div>`,
          );
        const tables = audit.tables.map((table) => {
          const few = table.rows.some((row) => row.few) ? (this.#locale === "en" ? " " : "") + this.#words.few : "";
          return `<div class="part" id="${this.#anchor("table", audit, table.id)}"><h3>${escapeHtml(
            table.title[this.#locale],
          )}</h3><p class="hint">${escapeHtml(
            tieNumbers(table.caption[this.#locale], this.#locale),
          )}${few}</p><div class="scroll" tabindex="0" role="group" aria-label="${escapeHtml(
            table.title[this.#locale],
          )}">${renderTable(table, { locale: this.#locale, heading: true })}</div></div>`;
        });
        if (figures.length + tables.length === 0) return "";
        const pillar = this.#words.pillar[pillarOf(audit)];
        const anchor = `audit-${this.#auditNumber(audit)}`;
        return `<section aria-labelledby="${anchor}"><h2 id="${anchor}">${pillar} <small><code>${audit.id}</code></small></h2>${this.#volatility(audit)}${figures.join(
          "\n",
        )}${tables.join("\n")}</section>`;
      })
      .join("\n");
  }

  /** What each provision of the plan's laws asks, and what of this report speaks to it. */
  laws(): string {
    const policies = this.#report.gate.policies ?? [];
    if (policies.length === 0) return "";
    const locale = this.#locale;
    const w = lawWords[locale];
    const text = (words: string): string => escapeHtml(tieNumbers(words, locale));
    const list = (items: readonly string[], none: string): string =>
      items.length === 0 ? none : `<ul class="bare">${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;
    const parts = policies.map((policy) => {
      const rows = (policy.clauses ?? []).map((clause) => {
        const shown = clauseEvidence(this.#report, clause).map((one) => text(evidenceText(one, locale)));
        const open = (clause.document ?? []).map((one) => text(one[locale]));
        return `<tr><th scope="row">${text(clause.cite)}</th><td>${text(clause.asks[locale])}</td><td>${list(shown, w.noNumber)}</td><td>${list(open, "–")}</td></tr>`;
      });
      const notes = [
        ...(policy.note === undefined ? [] : [policy.note[locale]]),
        ...lawDates(policy, locale),
        ...lawChecked(policy, locale),
        ...[policy.citation, policy.source].filter((one) => one !== undefined),
      ].map((one) => `<p class="hint">${text(one)}</p>`);
      return `<div class="part"><h3>${text(policy.title[locale])}</h3><p class="hint">${text(lawFacts(policy, locale))}</p>${notes.join("")}<div class="scroll" tabindex="0" role="group" aria-label="${escapeHtml(policy.title[locale])}"><table class="plain laws"><caption class="unseen">${text(policy.title[locale])}</caption><thead><tr><th scope="col">${w.clause}</th><th scope="col">${w.asks}</th><th scope="col">${w.evidence}</th><th scope="col">${w.document}</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></div></div>`;
    });
    return `<section aria-labelledby="laws"><h2 id="laws">${w.title}</h2><p class="note">${text(w.lead)}</p>${parts.join("\n")}</section>`;
  }

  notDone(): string {
    const undone = this.#report.audits.filter((audit) => audit.status !== "completed");
    if (undone.length === 0) return "";
    const w = this.#words;
    const rows = undone.map(
      (audit) =>
        `<tr><th scope="row"><code>${audit.id}</code></th><td>${w.status[audit.status]}</td><td>${escapeHtml(
          audit.reason?.[this.#locale] ?? "–",
        )}</td></tr>`,
    );
    return `<section aria-labelledby="not-done"><h2 id="not-done">${w.notDone}</h2><table class="plain"><caption class="unseen">${w.notDone}</caption><thead><tr><th scope="col">${w.audit}</th><th scope="col">${w.result}</th><th scope="col">${w.why}</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></section>`;
  }

  data(): string {
    const { data } = this.#report;
    const w = this.#words;
    const count = (value: number | null): string => formatNumber(value, "count", this.#locale);
    const rows = data.columns.map(
      (column) =>
        `<tr><th scope="row"><bdi>${escapeHtml(column.name)}</bdi></th><td class="text">${w.types[column.type]}</td><td class="num">${count(
          column.distinct,
        )}</td><td class="num">${count(column.missing)}</td></tr>`,
    );
    return `<section aria-labelledby="data"><h2 id="data">${w.data}</h2><div class="scroll" tabindex="0" role="group" aria-label="${w.data}"><table><caption class="unseen">${w.data}</caption><thead><tr><th scope="col">${w.column}</th><th scope="col" class="text">${w.type}</th><th scope="col">${w.distinct}</th><th scope="col">${w.missing}</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></div></section>`;
  }

  evidence(): string {
    const { data, environment, model, sections, digest } = this.#report;
    const w = this.#words;
    const beside = modelFiles(this.#report, this.#locale)
      .map((one) => `<code>${one.digest}</code> <bdi>${escapeHtml(one.name)}</bdi>, ${one.size}`)
      .join("<br>");
    const kernels = Object.entries(environment.kernels).map(([kernel, version]) => `${kernel} ${version}`);
    const lines: [string, string][] = [
      [w.digest, `<code>${digest}</code> ${w.unsigned}`],
      [w.data, `<code>${data.digest}</code>`],
      ...(model === null
        ? []
        : [[w.model, `<code>${model.digest}</code> <bdi>${escapeHtml(model.file)}</bdi>`] as [string, string]]),
      ...(beside === "" ? [] : [[w.modelFiles, beside] as [string, string]]),
      [w.plan, `<code>${sections.plan}</code> ${w.seed} ${environment.seed}`],
      ...planLines(this.#report, this.#locale).map(([name, text]): [string, string] => [
        escapeHtml(name),
        `<bdi>${escapeHtml(text)}</bdi>`,
      ]),
      [
        w.computedOn,
        escapeHtml(
          [
            deviceText(environment, this.#locale),
            this.#locale === "en"
              ? `${environment.threads} ${environment.threads === 1 ? "thread" : "threads"}, ${environment.shards} ${environment.shards === 1 ? "shard" : "shards"}`
              : `${environment.threads} 个线程，${environment.shards} 个分片`,
            this.#locale === "en"
              ? `${formatNumber(environment.seconds, "number", this.#locale, { decimals: 1 })} s`
              : `${formatNumber(environment.seconds, "number", this.#locale, { decimals: 1 })} 秒`,
            `assay ${environment.assay}`,
            environment.host,
            ...(environment.modelRuntime === undefined
              ? []
              : [`${w.model}: ${w.modelRuntimes[environment.modelRuntime]}`]),
            ...kernels,
          ].join(this.#locale === "en" ? ", " : "，"),
        ),
      ],
      ...this.#report.audits.map((audit): [string, string] => [
        `<code>${audit.id}</code>`,
        `<code>${sections.audits[audit.id] ?? ""}</code> v${audit.version}${audit.volatile === true ? ` (${w.volatileShort})` : ""}`,
      ]),
    ];
    const items = lines.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`);
    const [before = "", command = "", after = ""] = w.covers.split("`");
    return `<section aria-labelledby="evidence"><h2 id="evidence">${w.evidence}</h2><dl>${items.join("\n")}</dl><p class="note">${before}<code>${command}</code>${after}</p>${model?.format === "endpoint" ? `<p class="note">${w.endpoint}</p>` : ""}</section>`;
  }

  #volatility(audit: AuditResult): string {
    return audit.volatile === true ? `<p class="note">${this.#words.volatile}</p>` : "";
  }

  #verdict(verdict: keyof typeof verdictSigns): string {
    return `<span aria-hidden="true">${verdictSigns[verdict]}</span> ${this.#words.verdict[verdict]}`;
  }

  #auditNumber(audit: AuditResult): number {
    return this.#report.audits.indexOf(audit) + 1;
  }

  /** Ids of figures and tables may be any text: anchors count instead. */
  #anchor(kind: "figure" | "table", audit: AuditResult, id: string): string {
    const list: readonly { id: string }[] = kind === "figure" ? audit.figures : audit.tables;
    return `${kind}-${this.#auditNumber(audit)}-${list.findIndex((one) => one.id === id) + 1}`;
  }
}

/** Names of audits are long for a narrow column: they part at their dot. */
function breakable(escaped: string): string {
  return escaped.replace(/\b(\p{Ll}{4,})\.(?=\p{Ll}{4,})/gu, "$1.<wbr>");
}

/** What neither fails nor weighs: told in a line or two. */
export function isBrief({ verdict, finding }: PlacedFinding): boolean {
  return verdict === "pass" || (verdict !== "fail" && finding.severity === "low");
}

function pillarOf(audit: AuditResult): keyof (typeof words)["en"]["pillar"] {
  return audit.id.slice(0, audit.id.indexOf(".")) as keyof (typeof words)["en"]["pillar"];
}
