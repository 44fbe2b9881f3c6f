import { useFormatter } from "next-intl";

/** A date and time in the reader's zone: `23 Nov 2026, 14:02`. */
export function Moment({ at, className }: { at: string; className?: string }) {
  const format = useFormatter();
  const text = format.dateTime(new Date(at), {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (
    <time dateTime={at} className={className ?? "whitespace-nowrap"}>
      {text}
    </time>
  );
}
