"use client";

import { useTranslations } from "next-intl";
import type { ModelRow } from "../../trpc/types.ts";
import { ModelRemove } from "./model-remove.tsx";

export function RemoveLink({ model }: { model: Pick<ModelRow, "id" | "name" | "versions"> }) {
  const t = useTranslations("models.remove");
  return (
    <ModelRemove
      model={model}
      trigger={
        <button type="button" className="text-accent hover:underline">
          {t("trigger")}
          <span className="sr-only">: {model.name}</span>
        </button>
      }
    />
  );
}
