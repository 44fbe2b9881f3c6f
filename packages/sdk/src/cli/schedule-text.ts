import type { Locale } from "@assay/schema/plain";
import type { ScheduleHistory, ScheduleRow } from "../client/schedules.ts";
import { columns } from "./columns.ts";

type Tick = NonNullable<ScheduleRow["last"]>;

const words = {
  en: {
    none: "No schedule yet; assay schedules create <plan> makes one.",
    head: ["id", "name", "data", "times", "next", "last"],
    paused: "paused",
    never: "–",
    outcomes: { unchanged: "nothing new", busy: "last run still under way", failed: "no run could be made" },
    verdicts: { pass: "passes", fail: "fails", indeterminate: "cannot tell", none: "complete" },
    states: { queued: "waits", running: "under way", failed: "not completed", cancelled: "cancelled" },
    removed: "run removed",
    run: (number: number) => `run ${number}`,
    data: "data",
    times: "times",
    next: "next",
    when: (unchanged: boolean) => (unchanged ? "also on unchanged data" : "on new data alone"),
    history: "What came of its times, newest first",
    alarms: (alarms: number, tests: number) => `drift: ${alarms} of ${tests} tests alarm`,
    cannotTell: "drift: cannot tell yet",
  },
  "zh-CN": {
    none: "尚无定时审计；用 assay schedules create <plan> 创建。",
    head: ["id", "名称", "数据", "时间", "下次", "最近一次"],
    paused: "已暂停",
    never: "–",
    outcomes: { unchanged: "没有新数据", busy: "上一次运行尚未结束", failed: "未能开始运行" },
    verdicts: { pass: "通过", fail: "未通过", indeterminate: "尚不能判断", none: "已完成" },
    states: { queued: "等待中", running: "进行中", failed: "未完成", cancelled: "已取消" },
    removed: "运行已删除",
    run: (number: number) => `运行 ${number}`,
    data: "数据",
    times: "时间",
    next: "下次",
    when: (unchanged: boolean) => (unchanged ? "数据未变也运行" : "仅在有新数据时运行"),
    history: "历次到点的结果，最近的在前",
    alarms: (alarms: number, tests: number) => `漂移：${tests} 项检验中有 ${alarms} 项发出警报`,
    cannotTell: "漂移：尚不能判断",
  },
} as const satisfies Record<Locale, unknown>;

const marks = { pass: "●", fail: "▲", indeterminate: "◐", none: "○" } as const;

/** Schedules in columns, one a line. */
export function schedulesText(rows: readonly ScheduleRow[], locale: Locale): string {
  const w = words[locale];
  if (rows.length === 0) return w.none;
  return columns([
    w.head,
    ...rows.map((row) => [
      row.id,
      row.name,
      row.dataset,
      `${row.cron} ${row.timeZone}`,
      nextText(row, locale),
      lastText(row.last, locale),
    ]),
  ]).join("\n");
}

/** A schedule with what came of its times. */
export function scheduleText(row: ScheduleRow, history: ScheduleHistory, locale: Locale): string {
  const w = words[locale];
  return [
    row.name,
    ...columns([
      [`  ${w.data}`, row.dataset],
      [`  ${w.times}`, `${row.cron} ${row.timeZone} (${w.when(row.runUnchanged)})`],
      [`  ${w.next}`, nextText(row, locale)],
    ]),
    ...(history.length === 0 ? [] : ["", w.history]),
    ...history.flatMap(({ drift, ...tick }) => [
      `  ${minuteText(tick.dueAt, row.timeZone)}  ${lastText(tick, locale)}${driftText(drift, locale)}`,
      ...(tick.error === null ? [] : tick.error.message.split("\n").map((line) => `    ${line}`)),
    ]),
  ].join("\n");
}

/** A time to the minute in a zone: `2026-12-01 06:00`. */
export function minuteText(at: string, timeZone: string): string {
  const options = { dateStyle: "short", timeStyle: "short", timeZone } as const;
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", options).format(new Date(at));
}

function nextText({ enabled, nextAt, timeZone }: ScheduleRow, locale: Locale): string {
  if (!enabled) return words[locale].paused;
  return nextAt === null ? words[locale].never : minuteText(nextAt, timeZone);
}

function lastText(tick: Tick | null, locale: Locale): string {
  const w = words[locale];
  if (tick === null) return w.never;
  if (tick.outcome !== "run") return w.outcomes[tick.outcome];
  const { run } = tick;
  if (run === null) return w.removed;
  if (run.status !== "completed") return `${w.run(run.number)} ${w.states[run.status]}`;
  const verdict = run.verdict ?? "none";
  return `${marks[verdict]} ${w.run(run.number)} ${w.verdicts[verdict]}`;
}

function driftText(drift: ScheduleHistory[number]["drift"], locale: Locale): string {
  if (drift === null) return "";
  const w = words[locale];
  return `  ${drift.alarms === null ? w.cannotTell : w.alarms(drift.alarms, drift.tests)}`;
}
