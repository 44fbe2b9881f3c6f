"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Segments } from "../../components/segments.tsx";

/** Where the audit runs: on the server, or in this browser. */
export function PlaceChoice({ slug, value, then }: { slug: string; value: "server" | "browser"; then: string }) {
  const t = useTranslations("newAudit.place");
  const router = useRouter();
  return (
    <div className="mb-6">
      <Segments
        label={t("label")}
        value={value}
        options={[
          { value: "server", label: t("server") },
          { value: "browser", label: t("browser") },
        ]}
        onChange={(next) => {
          const rest = then.replace(/^&/, "");
          const search = next === "browser" ? "?place=browser" : rest === "" ? "" : `?${rest}`;
          router.replace(`/projects/${slug}/new${search}`, { scroll: false });
        }}
      />
    </div>
  );
}
