"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { useTranslations } from "next-intl";
import { classNames } from "../../components/class-names.ts";
import { menuItemClass, menuPopupClass } from "../../components/menu.tsx";
import { listRoles, type Role, singleRoles } from "./plan-view.ts";

/** The roles of one column, as words; a press opens them all. */
export function RoleMenu({
  column,
  roles,
  onRole,
}: {
  column: string;
  roles: readonly Role[];
  onRole: (role: Role, on: boolean) => void;
}) {
  const t = useTranslations("plan.roles");
  const names = roles.map((role) => t(`${role}.name`)).join(", ");
  return (
    <Base.Root>
      <Base.Trigger
        aria-label={t("ofColumn", { column, roles: names || t("none") })}
        className={classNames(
          "-my-0.5 -ml-2 flex max-w-full items-baseline gap-2 rounded-sm border border-transparent px-2 py-0.5 text-left text-sm hover:border-line data-popup-open:border-edge",
          roles.length > 0 && "font-medium",
        )}
      >
        <span className="min-w-0">{names || t("none")}</span>
        <span aria-hidden="true" className="text-xs text-muted">
          ⌄
        </span>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="z-40 outline-none" sideOffset={4} align="start">
          <Base.Popup className={`${menuPopupClass} w-[min(24rem,92vw)]`}>
            {[...singleRoles, ...listRoles].map((role) => (
              <Base.CheckboxItem
                key={role}
                checked={roles.includes(role)}
                onCheckedChange={(on) => onRole(role, on)}
                closeOnClick={false}
                className={`${menuItemClass} !grid grid-cols-[1rem_8.5rem_minmax(0,1fr)] !gap-1`}
              >
                <span aria-hidden="true">{roles.includes(role) ? "✓" : ""}</span>
                <span className="font-medium">{t(`${role}.name`)}</span>
                <span className="text-xs text-muted">{t(`${role}.help`)}</span>
              </Base.CheckboxItem>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
