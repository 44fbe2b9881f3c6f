import Link from "next/link";
import { useTranslations } from "next-intl";
import { DigestText } from "../../components/digest.tsx";
import { Moment } from "../../components/moment.tsx";
import { sizeText } from "../../components/quantities.ts";
import type { ModelRow } from "../../trpc/types.ts";
import { ModelKind } from "./model-kind.tsx";
import { RemoveLink } from "./remove-link.tsx";
import { sizeOf } from "./size-of.ts";

/** The project's models, each with its newest version. */
export function ModelLedger({ models, slug }: { models: readonly ModelRow[]; slug: string }) {
  const t = useTranslations("models");
  if (models.length === 0) {
    return (
      <div className="border-t border-line pt-3">
        <p className="m-0 max-w-[60ch] text-sm text-muted">{t("empty")}</p>
      </div>
    );
  }
  return (
    <div className="overflow-x-auto">
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col">{t("name")}</th>
            <th scope="col" className="num">
              {t("version")}
            </th>
            <th scope="col" className="max-sm:hidden">
              {t("kind")}
            </th>
            <th scope="col" className="max-md:hidden">
              {t("trainedOn")}
            </th>
            <th scope="col" className="num max-md:hidden">
              {t("size")}
            </th>
            <th scope="col" className="max-md:hidden">
              {t("digest")}
            </th>
            <th scope="col" className="num max-md:hidden">
              {t("added")}
            </th>
            <th scope="col">
              <span className="sr-only">{t("actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.id}>
              <th scope="row" className="max-w-80 truncate">
                <Link href={`/projects/${slug}/models/${model.id}`} className="plain">
                  {model.name}
                </Link>
              </th>
              <td className="num">{model.latest.number}</td>
              <td className="max-sm:hidden">
                <ModelKind about={model.latest.about} />
              </td>
              <td className="max-w-52 truncate max-md:hidden">{model.latest.trainedOn?.name ?? "–"}</td>
              <td className="num max-md:hidden">{sizeText(sizeOf(model.latest))}</td>
              <td className="max-md:hidden">
                <DigestText value={model.latest.digest} />
              </td>
              <td className="num text-muted max-md:hidden">
                <Moment at={model.latest.createdAt} />
              </td>
              <td className="num">
                <Link href={`/projects/${slug}/new?model=${model.latest.id}`} className="mr-4">
                  {t("audit")}
                  <span className="sr-only">: {model.name}</span>
                </Link>
                <RemoveLink model={model} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
