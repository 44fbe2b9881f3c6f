import type { ReactNode } from "react";

export interface DeviceLine {
  readonly name: string;
  readonly text: ReactNode;
  readonly absent: boolean;
}

/** Devices, each with what it is or why it is not there. */
export function DeviceList({ lines }: { lines: readonly DeviceLine[] }) {
  return (
    <dl className="m-0 grid gap-x-4 border-t border-line pt-2 text-sm leading-6 sm:grid-cols-[120px_minmax(0,1fr)]">
      {lines.map(({ name, text, absent }) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className={absent ? "m-0 text-muted max-sm:mb-2" : "m-0 max-sm:mb-2"}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
