import { AssayError, type LocalizedText } from "@assay/schema";
import { Cron } from "croner";

/** What stands against a schedule's times, and in which of the two. */
export interface CronProblem {
  readonly at: "cron" | "timeZone";
  readonly message: LocalizedText;
}

/** Times never lie closer than this. */
export const leastMinutes = 5;
const minuteMs = 60_000;
/** As far as times are looked at for lying too close: every turn of a month and a year is in it. */
const lookMs = 370 * 24 * 60 * minuteMs;
/** A day of five-minute times and one more. */
const lookCount = 289;

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"] as const;
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;

interface CronField {
  readonly name: LocalizedText;
  readonly low: number;
  readonly high: number;
  /** Names that stand for numbers, the first for `low`. */
  readonly names: readonly string[];
  /** `L`, the month's last day, may stand in it. */
  readonly last: boolean;
}

const fields: readonly CronField[] = [
  { name: { en: "minute", "zh-CN": "分钟" }, low: 0, high: 59, names: [], last: false },
  { name: { en: "hour", "zh-CN": "小时" }, low: 0, high: 23, names: [], last: false },
  { name: { en: "day of the month", "zh-CN": "日" }, low: 1, high: 31, names: [], last: true },
  { name: { en: "month", "zh-CN": "月" }, low: 1, high: 12, names: months, last: false },
  { name: { en: "day of the week", "zh-CN": "星期" }, low: 0, high: 7, names: weekdays, last: false },
];

/** Names for whole expressions, as cron daemons know them. */
const nicknames: Readonly<Record<string, string>> = {
  "@annually": "0 0 1 1 *",
  "@daily": "0 0 * * *",
  "@hourly": "0 * * * *",
  "@midnight": "0 0 * * *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@yearly": "0 0 1 1 *",
};

/** The five fields that a nickname stands for; any other text as it is. */
function fieldsOf(cron: string): string {
  const name = cron.trim().toLowerCase();
  return (Object.hasOwn(nicknames, name) ? nicknames[name] : undefined) ?? cron;
}

/**
 * What is wrong with a cron expression of five fields (minute, hour, day of the month, month, day of the week) or a nickname such as `@daily`,
 * and a time zone as IANA names it; empty where nothing is. Where both days are given either of them will do, as in POSIX's crontab. `after`
 * is any time from which on the expression is to come.
 */
export function cronProblems(cron: string, timeZone: string, after: Date): CronProblem[] {
  const problems: CronProblem[] = [];
  const parts = fieldsOf(cron).trim().split(/\s+/);
  if (cron.trim().startsWith("@") && fieldsOf(cron) === cron) {
    const known = Object.keys(nicknames);
    problems.push({
      at: "cron",
      message: {
        en: `"${cron}" is no name of times; write ${known.slice(0, -1).join(", ")} or ${known.at(-1)}, or five fields such as 0 6 * * 1`,
        "zh-CN": `“${cron}”不是时间名称；请写 ${known.slice(0, -1).join("、")} 或 ${known.at(-1)}，或五个字段，例如 0 6 * * 1`,
      },
    });
  } else if (parts.length !== fields.length) {
    problems.push({
      at: "cron",
      message: {
        en: `"${cron}" has ${cron.trim() === "" ? 0 : parts.length} fields; write five: minute, hour, day of the month, month, day of the week, such as 0 6 * * 1`,
        "zh-CN": `“${cron}”有 ${cron.trim() === "" ? 0 : parts.length} 个字段；请写五个：分钟、小时、日、月、星期，例如 0 6 * * 1`,
      },
    });
  } else {
    for (const [index, field] of fields.entries()) {
      const message = fieldProblem(parts[index] ?? "", field);
      if (message !== null) problems.push({ at: "cron", message });
    }
  }
  if (!isTimeZone(timeZone)) {
    problems.push({
      at: "timeZone",
      message: {
        en: `"${timeZone}" is no time zone; write it as Europe/Berlin, Asia/Shanghai or UTC`,
        "zh-CN": `“${timeZone}”不是时区；请写作 Asia/Shanghai、Europe/Berlin 或 UTC`,
      },
    });
  }
  if (problems.length > 0) return problems;
  const often = oftenProblem(fieldsOf(cron), after);
  return often === null ? [] : [{ at: "cron", message: often }];
}

/** @throws AssayError usage, with every problem and its place */
export function checkCron(cron: string, timeZone: string, after: Date): void {
  const problems = cronProblems(cron, timeZone, after).map(({ at, message }) => ({ at, message: message.en }));
  if (problems.length === 0) return;
  throw new AssayError("usage", problems.map(({ at, message }) => `${at}: ${message}`).join("; "), { problems });
}

/**
 * The next times of a checked expression, in order, all after `after`; fewer where no more come. A time of day that the clocks
 * skip comes when they have skipped it, and one that they pass twice comes the first time; what comes every hour or more
 * often comes as often as hours pass.
 */
export function nextTimes(cron: string, timeZone: string, after: Date, count: number): Date[] {
  return new Cron(fieldsOf(cron), { timezone: timeZone, mode: "5-part" }).nextRuns(count, after);
}

/** The next time, null where none comes any more. */
export function nextTime(cron: string, timeZone: string, after: Date): Date | null {
  return nextTimes(cron, timeZone, after, 1)[0] ?? null;
}

function isTimeZone(text: string): boolean {
  // Offsets such as +02:00 are refused: they do not know when clocks change.
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

function fieldProblem(text: string, field: CronField): LocalizedText | null {
  for (const part of text.split(",")) {
    const message = partProblem(part, field);
    if (message !== null) {
      return { en: `${field.name.en}: ${message.en}`, "zh-CN": `${field.name["zh-CN"]}：${message["zh-CN"]}` };
    }
  }
  return null;
}

function partProblem(part: string, field: CronField): LocalizedText | null {
  if (field.last && part.toUpperCase() === "L") return null;
  const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\w+))?$/.exec(part);
  if (match === null) return unreadable(part, field);
  const [, first, second, step] = match;
  for (const text of [first, second]) {
    if (text !== undefined && numberOf(text, field) === null) return unreadable(text, field);
  }
  if (first !== undefined && second !== undefined) {
    if ((numberOf(first, field) ?? 0) > (numberOf(second, field) ?? 0)) {
      return {
        en: `${first}-${second} runs backwards; write two ranges with a comma between`,
        "zh-CN": `${first}-${second} 的起点大于终点；请写成用逗号分隔的两个范围`,
      };
    }
  }
  if (step === undefined) return null;
  if (first !== undefined && second === undefined) {
    return {
      en: `/${step} needs a range before it; write ${first}-${field.high}/${step} or */${step}`,
      "zh-CN": `/${step} 前需要一个范围；请写作 ${first}-${field.high}/${step} 或 */${step}`,
    };
  }
  if (/^\d+$/.test(step) && Number(step) >= 1 && Number(step) <= field.high) return null;
  return {
    en: `/${step} is no step; write a whole number from 1 to ${field.high}`,
    "zh-CN": `/${step} 不是步长；请写 1 到 ${field.high} 的整数`,
  };
}

function numberOf(text: string, { low, high, names }: CronField): number | null {
  if (/^\d+$/.test(text)) return Number(text) >= low && Number(text) <= high ? Number(text) : null;
  const place = names.indexOf(text.toUpperCase());
  return place < 0 ? null : low + place;
}

function unreadable(text: string, { low, high, names, last }: CronField): LocalizedText {
  const named = names.length === 0 ? "" : `, ${names[0]}–${names.at(-1)}`;
  return {
    en: `"${text}" cannot be read; write ${low} to ${high}${named}, *${last ? ", L for the last day" : ""}, ranges such as ${low}-${low + 4} or steps such as */2`,
    "zh-CN": `无法读取“${text}”；请写 ${low} 到 ${high}${named.replace(", ", "、")}、*${last ? "、表示最后一天的 L" : ""}、范围（如 ${low}-${low + 4}）或步长（如 */2）`,
  };
}

/** Whether it never comes, or comes too often. Told in UTC: hours that clocks skip or repeat are another matter. */
function oftenProblem(cron: string, after: Date): LocalizedText | null {
  const times = new Cron(cron, { timezone: "UTC", mode: "5-part" });
  let before = times.nextRun(after);
  if (before === null) {
    return {
      en: `"${cron}" never comes: no month of those named has such a day`,
      "zh-CN": `“${cron}”永远不会到来：所写月份没有这一天`,
    };
  }
  const end = before.getTime() + lookMs;
  for (let count = 1; count < lookCount; count++) {
    const next = times.nextRun(before);
    if (next === null || next.getTime() > end) return null;
    if (next.getTime() - before.getTime() < leastMinutes * minuteMs) {
      return {
        en: `"${cron}" comes more often than every ${leastMinutes} minutes; write */${leastMinutes} or fewer times`,
        "zh-CN": `“${cron}”的间隔短于 ${leastMinutes} 分钟；请写 */${leastMinutes} 或更少的次数`,
      };
    }
    before = next;
  }
  return null;
}
