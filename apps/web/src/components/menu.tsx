"use client";

import { Menu as Base } from "@base-ui/react/menu";
import type { ComponentProps, ReactElement, ReactNode } from "react";

export const menuPopupClass =
  "min-w-44 rounded-md border border-line bg-paper p-1 text-sm shadow-float outline-none transition-opacity duration-75 data-ending-style:opacity-0 data-starting-style:opacity-0 max-h-[var(--available-height)] overflow-y-auto";
export const menuItemClass =
  "flex w-full cursor-default items-baseline justify-between gap-6 rounded-sm px-2.5 py-1 text-ink outline-none select-none no-underline hover:no-underline data-highlighted:bg-press data-disabled:text-muted";

/** Actions under a button. */
export function Menu({ trigger, children }: { trigger: ReactElement; children: ReactNode }) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="z-40 outline-none" sideOffset={4} align="start">
          <Base.Popup className={menuPopupClass}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem({ children, ...rest }: ComponentProps<typeof Base.Item>) {
  return (
    <Base.Item className={menuItemClass} {...rest}>
      {children}
    </Base.Item>
  );
}

/** A link in a menu that downloads a file. */
export function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Base.LinkItem className={menuItemClass} href={href} download="">
      {children}
    </Base.LinkItem>
  );
}
