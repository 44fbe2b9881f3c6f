import type { ReactNode } from "react";

/** Something that is there for whoever asks. */
export function Fold({ summary, children }: { summary: ReactNode; children: ReactNode }) {
  return (
    <details className="group border-t border-line">
      <summary className="list-none py-3 text-sm text-muted hover:text-ink">
        <span aria-hidden="true" className="mr-2 inline-block transition-transform duration-100 group-open:rotate-90">
          ›
        </span>
        {summary}
      </summary>
      {children}
    </details>
  );
}
