import type { Finding, LocalizedText } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { plainText } from "../../groups/reading.ts";
import { countText, listText, percentText, pText, shareText } from "../../wording/index.ts";
import type { Outcome } from "./conclude.ts";
import type { Confirmed } from "./confirm.ts";
import { figureId } from "./figures.ts";
import { wrongFound } from "./found.ts";
import { placeOfSlice, shown } from "./measures.ts";
import type { Input } from "./settings.ts";
import { tableId } from "./tables.ts";
import { pointsText, sliceText } from "./words.ts";

/** Groups that one sentence names; the table has them all. */
const mostNamed = 3;

/** Every confirmed group at its own place, the others together, and what the search could not look at. */
export function findingsOf(outcome: Outcome, context: Pick<AuditContext<Input>, "input" | "roles">): Finding[] {
  const { slices, places } = outcome;
  const own = slices.flatMap((one, index) => (places[index]?.kind === "own" ? [{ one, index }] : []));
  const confirmed = own.filter(({ one }) => one.isConfirmed);
  const open = own.filter(({ one }) => !one.isConfirmed);
  return [
    ...confirmed.map(({ one, index }) => confirmedFinding(one, index, outcome, context.input)),
    ...(open.length > 0 ? [openFinding(open, confirmed.length, outcome)] : []),
    ...(slices.length === 0 ? [nothingFound(outcome)] : []),
    ...notes(outcome, context),
  ];
}

function confirmedFinding(
  { slice, rate, rest, difference, pAdjusted }: Confirmed,
  index: number,
  outcome: Outcome,
  input: Input,
): Finding {
  const { kind, names, places, slices } = outcome;
  const name = sliceText(slice, names);
  const place = placeOfSlice(index);
  const gap = difference?.value ?? 0;
  const low = difference?.low ?? 0;
  const rates = [rate, rest].map((one) => percentText(one ? shown(kind, one).value : 0));
  const counts = [rate, rest].map((one) => countText(one?.n ?? 0));
  const level = shareText(input.confidence);
  const ends = difference ? [pointsText(difference.low), pointsText(difference.high)] : [];
  const told = foldedText(
    slices.flatMap((one, other) => {
      const where = places[other];
      return where && where.kind !== "own" && where.under === index ? [sliceText(one.slice, names)] : [];
    }),
  );
  return {
    id: `slice-${index + 1}`,
    verdict: "info",
    severity: low >= 0.1 ? "high" : gap >= 0.05 ? "medium" : "low",
    measures: [place.rate, place.difference],
    figure: figureId,
    table: tableId,
    text: {
      en: `**${kind.claim.en} ${name.en}.** Of ${counts[0]} held-out ${kind.among.en} in this group, ${rates[0]} ${kind.verb.en}, and ${rates[1]} of all others: a gap of ${pointsText(gap)} points (${level} interval ${ends[0]} to ${ends[1]}; adjusted ${pText(pAdjusted)}; n = ${counts[0]} and ${counts[1]}). ${told.en}${kind.advice.en}`,
      "zh-CN": `**${kind.claim["zh-CN"]}：${name["zh-CN"]}。**在该群体留出的 ${counts[0]} 名${kind.among["zh-CN"]}中，${rates[0]} ${kind.verb["zh-CN"]}，其他人为 ${rates[1]}：相差 ${pointsText(gap)} 个百分点（${level} 区间 ${ends[0]} 至 ${ends[1]}；校正后 ${pText(pAdjusted)}；n = ${counts[0]} 与 ${counts[1]}）。${told["zh-CN"]}${kind.advice["zh-CN"]}`,
    },
  };
}

/** `Found with it, and adding nothing: A; B.` Ends with a space where there is anything to tell. */
function foldedText(folded: readonly LocalizedText[]): LocalizedText {
  if (folded.length === 0) return { en: "", "zh-CN": "" };
  const more = folded.length - mostNamed;
  const list = (locale: "en" | "zh-CN"): string =>
    folded
      .slice(0, mostNamed)
      .map((name) => name[locale])
      .join(locale === "en" ? "; " : "；");
  return {
    en: `Found with it, and adding nothing: ${list("en")}${more > 0 ? `; and ${more} more` : ""}. `,
    "zh-CN": `一并发现、并无更多信息的还有：${list("zh-CN")}${more > 0 ? `；另有 ${more} 个` : ""}。`,
  };
}

function openFinding(
  open: readonly { readonly one: Confirmed; readonly index: number }[],
  confirmed: number,
  { names }: Outcome,
): Finding {
  const list = listOf(open.slice(0, mostNamed).map(({ one }) => sliceText(one.slice, names)));
  const more = open.length - Math.min(open.length, mostNamed);
  const others = { en: more > 0 ? ` and ${more} more` : "", "zh-CN": more > 0 ? `等 ${open.length} 个群体` : "" };
  const least = pText(Math.min(...open.map(({ one }) => one.pAdjusted)));
  const known = open.flatMap(({ one }) => (one.detectable === null ? [] : [one.detectable]));
  const seen =
    known.length === 0
      ? {
          en: "These groups are too small for any gap to be seen for sure.",
          "zh-CN": "这些群体太小，任何差距都无法确认。",
        }
      : {
          en: `A gap of ${rangeText(known, " to ")} points, depending on the group's size, would have been seen with a chance of 80 %.`,
          "zh-CN": `视群体大小而定，若差距达 ${rangeText(known, " 至 ")} 个百分点，则有 80 % 的机会被发现。`,
        };
  const numbers = {
    en: `Where groups were looked for, ${list.en}${others.en} stood out; in the rows held out the difference may be chance (smallest adjusted ${least}). ${seen.en}`,
    "zh-CN": `在用于查找的行中，${list["zh-CN"]}${others["zh-CN"]}较为突出；在留出的行中，差异可能出于偶然（最小的校正后 ${least}）。${seen["zh-CN"]}`,
  };
  const claim =
    confirmed === 0
      ? { en: "Cannot tell that any group is worse off.", "zh-CN": "尚不能判断有任何群体处境更差。" }
      : {
          en: `Cannot tell yet for ${open.length} more ${open.length === 1 ? "group" : "groups"}.`,
          "zh-CN": `另有 ${open.length} 个群体尚不能判断。`,
        };
  return {
    id: "not-confirmed",
    verdict: "indeterminate",
    severity: "low",
    measures: open.flatMap(({ index }) => [placeOfSlice(index).difference, placeOfSlice(index).detectable]),
    figure: figureId,
    table: tableId,
    text: {
      en: `**${claim.en}** ${numbers.en}`,
      "zh-CN": `**${claim["zh-CN"]}**${numbers["zh-CN"]}`,
    },
  };
}

/** Names that hold commas: parted by semicolons. */
function listOf(names: readonly LocalizedText[]): LocalizedText {
  return {
    en: names.map((name) => `“${name.en}”`).join("; "),
    "zh-CN": names.map((name) => `“${name["zh-CN"]}”`).join("、"),
  };
}

function rangeText(values: readonly number[], to: string): string {
  const ends = [Math.min(...values), Math.max(...values)].map(pointsText);
  return ends[0] === ends[1] ? (ends[0] ?? "") : ends.join(to);
}

function nothingFound({ progress }: Outcome): Finding {
  const head = { id: "none-found", severity: "low" as const, measures: [0] };
  if (progress.rows === 0) {
    return {
      ...head,
      verdict: "indeterminate",
      text: {
        en: "**Nothing to search in.** No row has a known outcome.",
        "zh-CN": "**没有可供查找的数据。**没有一行的结果是已知的。",
      },
    };
  }
  const rows = countText((progress.totals[0] ?? 0) + (progress.totals[wrongFound] ?? 0));
  if ((progress.totals[wrongFound] ?? 0) === 0) {
    return {
      ...head,
      verdict: "indeterminate",
      text: {
        en: `**No group to find.** Of the ${rows} rows that groups are looked for in, none counts as badly off.`,
        "zh-CN": `**没有可发现的群体。**在用于查找的 ${rows} 行中，没有一行属于不利结果。`,
      },
    };
  }
  return {
    ...head,
    verdict: "info",
    text: {
      en: `**No group stands out.** In the ${rows} rows that groups are looked for in, none of enough people is worse than the whole by more than its smallness costs in the score.`,
      "zh-CN": `**没有突出的群体。**在用于查找的 ${rows} 行中，没有一个人数足够的群体比整体更差，且差得足以抵过得分中对小群体的扣减。`,
    },
  };
}

/** What the search did not look at. */
function notes({ progress, names }: Outcome, { roles }: Pick<AuditContext<Input>, "roles">): Finding[] {
  const note = (id: string, text: LocalizedText): Finding => ({
    id,
    verdict: "info",
    severity: "low",
    measures: [],
    text,
  });
  const found: Finding[] = [];
  if (progress.missing > 0 && progress.rows > 0) {
    const count = countText(progress.missing);
    const all = progress.missing === 1 ? "1 row is" : `${count} rows are`;
    found.push(
      note("left-out", {
        en: `**${all} left out.** The label or the decision is missing there, so that nobody knows whether they are badly off.`,
        "zh-CN": `**${count} 行未计入。**其标签或决定缺失，无从得知结果是否不利。`,
      }),
    );
  }
  const skipped = names.columns
    .filter((_, index) => progress.columns[index]?.binning.kind === "skipped")
    .map(plainText);
  if (skipped.length > 0) {
    const list = listText(skipped);
    found.push(
      note("columns", {
        en: `**Not searched: ${list.en}.** Texts of more than 65,536 different values describe no groups; put them into coarser categories.`,
        "zh-CN": `**未搜索：${list["zh-CN"]}。**取值超过 65,536 种的文本无法描述群体，请先归并为较粗的类别。`,
      }),
    );
  }
  if (roles.weight) {
    found.push(
      note("weights", {
        en: "**Weights are not used here**: groups are found and tested by counting people. Weighted rates of known groups stand in fairness.group-metrics.",
        "zh-CN": "**此处不使用权重**：查找与检验群体均按人数计数。已知群体的加权比率见 fairness.group-metrics。",
      }),
    );
  }
  return found;
}
