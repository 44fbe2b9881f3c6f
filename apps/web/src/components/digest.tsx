"use client";

import { useTranslations } from "next-intl";
import { useNotice } from "./notices.tsx";

/** `sha256:c451db85…cc7d`; a press copies the whole. */
export function DigestText({ value }: { value: string }) {
  const t = useTranslations("common");
  const notice = useNotice();
  const [, hex = value] = value.split(":");
  return (
    <button
      type="button"
      title={`${value}\n${t("copy")}`}
      className="font-mono text-xs hover:text-accent"
      onClick={async () => {
        await navigator.clipboard.writeText(value);
        notice(t("copied"));
      }}
    >
      sha256:{hex.slice(0, 8)}…{hex.slice(-4)}
    </button>
  );
}
