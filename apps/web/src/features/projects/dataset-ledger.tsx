import Link from "next/link";
import { useTranslations } from "next-intl";
import { DigestText } from "../../components/digest.tsx";
import { Moment } from "../../components/moment.tsx";
import { sizeText } from "../../components/quantities.ts";
import { RowCell } from "../../components/row-count.tsx";
import type { DatasetRow } from "../../trpc/types.ts";
import { DatasetRemove } from "./dataset-remove.tsx";

/** The project's data files, by what they hold. */
export function DatasetLedger({ datasets, slug }: { datasets: readonly DatasetRow[]; slug: string }) {
  const t = useTranslations("project.data");
  if (datasets.length === 0) {
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
              {t("rows")}
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
          {datasets.map((dataset) => (
            <tr key={dataset.id}>
              <th scope="row" className="max-w-80 truncate">
                {dataset.name}
                {dataset.counts ? <span className="ml-2 text-xs font-normal text-muted">{t("counts")}</span> : null}
              </th>
              <td className="num">
                <RowCell of={dataset} />
              </td>
              <td className="num max-md:hidden">{sizeText(dataset.sizeBytes)}</td>
              <td className="max-md:hidden">
                <DigestText value={dataset.digest} />
              </td>
              <td className="num text-muted max-md:hidden">
                <Moment at={dataset.createdAt} />
              </td>
              <td className="num">
                <Link href={`/projects/${slug}/new?dataset=${dataset.id}`} className="mr-4">
                  {t("audit")}
                </Link>
                <DatasetRemove dataset={dataset} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
