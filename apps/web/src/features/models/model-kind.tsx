import { useTranslations } from "next-intl";
import type { ModelVersion } from "../../trpc/types.ts";

/** `tree ensemble, 14 inputs`. */
export function ModelKind({ about }: { about: Pick<ModelVersion["about"], "inputs" | "structure"> }) {
  const t = useTranslations("models");
  return t("kindOf", {
    structure: t(`structures.${about.structure}`),
    inputs: t("inputs", { count: about.inputs.length }),
  });
}
