"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "../../components/button.tsx";
import { backdropClass, popupClass } from "../../components/dialog.tsx";
import { holdPage } from "./held-page.ts";
import { HistoryStop } from "./history-stop.ts";
import { linkOf } from "./link-of.ts";

/**
 * Asks before the page is left while something is only here: by a link, the command palette, or back in the same words; by a
 * reload, closing the tab or another site in the browser's own.
 */
export function LeaveGuard({
  active,
  title,
  text,
  action,
}: {
  active: boolean;
  title: string;
  text: string;
  /** What the button says that leaves. */
  action: string;
}) {
  const t = useTranslations("common");
  const router = useRouter();
  const [go, setGo] = useState<(() => void) | null>(null);

  useEffect(() => {
    if (!active) return;
    let left = false;
    const stop = new HistoryStop((leave) =>
      setGo(() => () => {
        left = true;
        leave();
      }),
    );
    const release = holdPage((next) =>
      setGo(() => () => {
        left = true;
        void stop.remove().then(next);
      }),
    );
    const unload = (event: BeforeUnloadEvent) => {
      if (!left) event.preventDefault();
    };
    const click = (event: MouseEvent) => {
      const href = left ? null : linkOf(event);
      if (href === null) return;
      event.preventDefault();
      event.stopPropagation();
      setGo(() => () => {
        left = true;
        void stop.remove().then(() => router.push(href));
      });
    };
    window.addEventListener("beforeunload", unload);
    document.addEventListener("click", click, { capture: true });
    return () => {
      release();
      window.removeEventListener("beforeunload", unload);
      document.removeEventListener("click", click, { capture: true });
      if (left) stop.forget();
      else void stop.remove();
    };
  }, [active, router]);

  return (
    <AlertDialog.Root
      open={go !== null}
      onOpenChange={(open) => {
        if (!open) setGo(null);
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdropClass} />
        <AlertDialog.Popup className={popupClass}>
          <AlertDialog.Title className="m-0 mb-1.5 text-md font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="m-0 mb-5 text-sm text-muted">{text}</AlertDialog.Description>
          <div className="flex justify-end gap-2">
            <AlertDialog.Close render={<Button />}>{t("stay")}</AlertDialog.Close>
            <Button
              tone="danger"
              onClick={() => {
                setGo(null);
                go?.();
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
