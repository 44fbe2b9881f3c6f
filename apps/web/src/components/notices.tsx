"use client";

import { Toast } from "@base-ui/react/toast";
import { useTranslations } from "next-intl";
import { type ReactNode, useCallback } from "react";

/** Short notices at the lower edge; read out by screen readers, gone by themselves. */
export function NoticeProvider({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider limit={3} timeout={5000}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-50 flex w-[min(22rem,calc(100vw-2rem))] flex-col gap-2">
          <Notices />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Notices() {
  const { toasts } = Toast.useToastManager();
  const t = useTranslations("common");
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="rounded-md border border-line bg-paper shadow-float transition-[opacity,translate] duration-150 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-baseline gap-3 px-3.5 py-2.5 text-sm">
        {/* The title names the notice for screen readers; it is no heading of the page. */}
        <Toast.Title render={<p />} className="m-0 min-w-0 flex-1" />
        {toast.actionProps === undefined ? null : <Toast.Action className="font-medium text-accent hover:underline" />}
        <Toast.Close aria-label={t("dismiss")} className="text-muted hover:text-ink">
          ✕
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}

/** `notice("Renamed.")`, with an action where something can be undone. */
export function useNotice(): (text: string, action?: { label: string; run: () => void }) => void {
  const { add } = Toast.useToastManager();
  return useCallback(
    (text, action) => {
      add({
        title: text,
        ...(action === undefined
          ? {}
          : { actionProps: { children: action.label, onClick: action.run }, timeout: 8000 }),
      });
    },
    [add],
  );
}
