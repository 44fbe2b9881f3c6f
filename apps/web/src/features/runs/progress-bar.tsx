import type { ReactNode } from "react";

/** How far something is, 0 to 1, and in words what it is at. */
export function ProgressBar({ label, fraction, children }: { label: string; fraction: number; children: ReactNode }) {
  return (
    <>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(fraction * 100)}
        className="mt-5 mb-3 h-1 overflow-hidden rounded-sm bg-press"
      >
        <div
          className="h-full w-full origin-left bg-accent transition-transform duration-300 ease-out"
          style={{ transform: `scaleX(${fraction})` }}
        />
      </div>
      <p aria-live="polite" className="m-0 mb-6 min-h-5 text-sm text-muted">
        {children}
      </p>
    </>
  );
}
