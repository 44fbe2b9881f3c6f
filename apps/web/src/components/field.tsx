"use client";

import { type ComponentProps, type ReactNode, useId } from "react";

/** A label, its control, a line of help and, where it is wrong, the reason. `control` gets the ids to point at. */
export function Field({
  label,
  help,
  error,
  control,
}: {
  label: ReactNode;
  help?: ReactNode;
  error?: string | undefined;
  control: (ids: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean }) => ReactNode;
}) {
  const id = useId();
  const notes = [help === undefined ? "" : `${id}-help`, error === undefined ? "" : `${id}-error`].filter(Boolean);
  return (
    <div className="mb-4">
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      {control({ id, "aria-describedby": notes.join(" ") || undefined, "aria-invalid": error !== undefined })}
      {help === undefined ? null : (
        <p id={`${id}-help`} className="m-0 mt-1 text-xs text-muted">
          {help}
        </p>
      )}
      {error === undefined ? null : (
        <p id={`${id}-error`} role="alert" className="m-0 mt-1 text-xs text-fail">
          {error}
        </p>
      )}
    </div>
  );
}

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={className === undefined ? "field" : `field ${className}`} {...rest} />;
}
