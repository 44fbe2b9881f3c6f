"use client";

import { useTranslations } from "next-intl";
import { Button } from "./button.tsx";
import { useNotice } from "./notices.tsx";

/** A text to take along, with a button that copies it. */
export function CopyText({ label, text }: { label: string; text: string }) {
  const t = useTranslations("common");
  const notice = useNotice();
  return (
    <div className="mb-4">
      <p className="m-0 mb-1 text-sm font-medium">{label}</p>
      <div className="flex flex-wrap items-start gap-2">
        <code className="min-w-0 flex-1 rounded-sm bg-wash p-2 font-mono text-xs break-all select-all">{text}</code>
        <Button
          aria-label={`${t("copy")}: ${label}`}
          onClick={async () => {
            await navigator.clipboard.writeText(text);
            notice(t("copied"));
          }}
        >
          {t("copy")}
        </Button>
      </div>
    </div>
  );
}
