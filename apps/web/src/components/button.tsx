import Link from "next/link";
import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

const base =
  "inline-flex items-center justify-center gap-1.5 rounded-md border px-3 py-[5px] text-sm whitespace-nowrap select-none transition-colors duration-100 no-underline hover:no-underline";
const tones = {
  primary:
    "border-ink bg-ink text-paper hover:bg-[color-mix(in_oklch,var(--ink)_86%,var(--paper))] hover:border-[color-mix(in_oklch,var(--ink)_86%,var(--paper))]",
  plain: "border-line text-ink hover:border-edge hover:bg-wash active:bg-press data-popup-open:bg-press",
  danger: "border-fail bg-transparent text-fail hover:bg-[color-mix(in_oklch,var(--fail)_8%,transparent)]",
  quiet: "border-transparent text-ink hover:bg-wash active:bg-press data-popup-open:bg-press",
} as const;
const off =
  "disabled:pointer-events-none disabled:border-line disabled:bg-transparent disabled:text-muted aria-disabled:pointer-events-none aria-disabled:border-line aria-disabled:bg-transparent aria-disabled:text-muted";

export type Tone = keyof typeof tones;

/** The classes of a button, for triggers that draw their own element. */
export function buttonClass(tone: Tone = "plain", more?: string): string {
  return classNames(base, tones[tone], off, more);
}

export function Button({
  tone = "plain",
  className,
  type = "button",
  ...rest
}: ComponentProps<"button"> & { tone?: Tone }) {
  return <button type={type} className={buttonClass(tone, className)} {...rest} />;
}

export function ButtonLink({ tone = "plain", className, ...rest }: ComponentProps<typeof Link> & { tone?: Tone }) {
  return <Link className={buttonClass(tone, className)} {...rest} />;
}
