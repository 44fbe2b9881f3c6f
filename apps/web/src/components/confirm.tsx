"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import { useTranslations } from "next-intl";
import { type ReactElement, useState } from "react";
import { type Fault, faultOf } from "../trpc/fault.ts";
import { Button } from "./button.tsx";
import { backdropClass, popupClass } from "./dialog.tsx";
import { FaultText } from "./fault-text.tsx";

/** Asks before something is lost; stays open, with the reason, where it could not be done. */
export function Confirm({
  trigger,
  title,
  text,
  action,
  onConfirm,
}: {
  trigger: ReactElement;
  title: string;
  text: string;
  action: string;
  onConfirm: () => Promise<void>;
}) {
  const t = useTranslations("common");
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setFault(null);
      }}
    >
      <AlertDialog.Trigger render={trigger} />
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdropClass} />
        <AlertDialog.Popup className={popupClass}>
          <AlertDialog.Title className="m-0 mb-1.5 text-md font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="m-0 mb-5 text-sm text-muted">{text}</AlertDialog.Description>
          {fault === null ? null : <FaultText fault={fault} />}
          <div className="flex justify-end gap-2">
            <AlertDialog.Close render={<Button />}>{t("cancel")}</AlertDialog.Close>
            <Button
              tone="danger"
              disabled={busy}
              onClick={async () => {
                setBusy(true);
                try {
                  await onConfirm();
                  setOpen(false);
                } catch (error) {
                  setFault(faultOf(error));
                } finally {
                  setBusy(false);
                }
              }}
            >
              {action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
