/** When a schedule comes, as the form asks it; `own`: by any other expression. */
export type Times =
  | { readonly kind: "daily"; readonly time: string }
  /** 0 is Sunday. */
  | { readonly kind: "weekly"; readonly time: string; readonly weekday: number }
  /** `day` null: the month's last. */
  | { readonly kind: "monthly"; readonly time: string; readonly day: number | null }
  | { readonly kind: "own"; readonly cron: string };

export const timesKinds = ["daily", "weekly", "monthly", "own"] as const satisfies readonly Times["kind"][];

/** The times that an expression of five fields tells, where the form can ask for them. */
export function readTimes(cron: string): Times {
  const own = { kind: "own", cron } as const;
  const match = /^(\d{1,2}) (\d{1,2}) (\*|\d{1,2}|L) \* (\*|[0-7])$/.exec(cron.trim());
  if (match === null) return own;
  const [, minute = "", hour = "", day = "", weekday = ""] = match;
  if (Number(minute) > 59 || Number(hour) > 23) return own;
  const time = `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
  if (day === "*" && weekday === "*") return { kind: "daily", time };
  if (day === "*") return { kind: "weekly", time, weekday: Number(weekday) % 7 };
  if (weekday !== "*") return own;
  if (day === "L") return { kind: "monthly", time, day: null };
  return Number(day) >= 1 && Number(day) <= 31 ? { kind: "monthly", time, day: Number(day) } : own;
}

/** The expression of five fields. A time that is not chosen yet leaves fields that cannot be read. */
export function writeTimes(times: Times): string {
  if (times.kind === "own") return times.cron;
  const [hour, minute] = times.time.split(":");
  const at =
    hour === undefined || minute === undefined || times.time === "" ? "? ?" : `${Number(minute)} ${Number(hour)}`;
  switch (times.kind) {
    case "daily":
      return `${at} * * *`;
    case "weekly":
      return `${at} * * ${times.weekday}`;
    case "monthly":
      return `${at} ${times.day ?? "L"} * *`;
  }
}

/** The same times asked in another way: what can be kept is kept. */
export function withKind(times: Times, kind: Times["kind"]): Times {
  if (times.kind === kind) return times;
  const time = times.kind === "own" ? "06:00" : times.time;
  switch (kind) {
    case "daily":
      return { kind, time };
    case "weekly":
      return { kind, time, weekday: 1 };
    case "monthly":
      return { kind, time, day: 1 };
    case "own":
      return { kind, cron: writeTimes(times) };
  }
}
