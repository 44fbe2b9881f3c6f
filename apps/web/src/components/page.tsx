import type { ReactNode } from "react";

/** The line above the answer: the way to where one is, and what else places it. */
export function Crumb({ way, children }: { way: readonly ReactNode[]; children?: ReactNode }) {
  return (
    <div className="mb-5 flex flex-wrap gap-x-3 text-sm text-muted">
      <ol className="m-0 flex min-w-0 list-none flex-wrap p-0">
        {way.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a way does not change its order
          <li key={index} className="flex min-w-0 before:px-1 before:content-['/'] first:before:hidden">
            {step}
          </li>
        ))}
      </ol>
      {children}
    </div>
  );
}

/** The sentence that answers why one came. Where a page becomes another without being loaded, the focus can be put on it. */
export function Answer({ children }: { children: ReactNode }) {
  return (
    <h1 tabIndex={-1} className="m-0 mb-3 max-w-[30em] text-xl font-[620] tracking-[-0.015em] outline-none md:text-2xl">
      {children}
    </h1>
  );
}

export function Lede({ children }: { children: ReactNode }) {
  return <p className="m-0 mb-5 max-w-[68ch] text-muted">{children}</p>;
}

export function Actions({ children }: { children: ReactNode }) {
  return <div className="mb-9 flex flex-wrap gap-2">{children}</div>;
}

export function Section({
  id,
  title,
  note,
  actions,
  children,
}: {
  id?: string;
  title: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section id={id} className="mb-14">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-2 pb-3">
        <h2 className="m-0 text-lg font-[620] tracking-[-0.01em]">
          {title}
          {note === undefined ? null : (
            <small className="ml-2 text-sm font-normal tracking-normal text-muted">{note}</small>
          )}
        </h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** Bars of the width of the words that will stand there. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden="true" className={`skeleton ${className}`} />;
}
