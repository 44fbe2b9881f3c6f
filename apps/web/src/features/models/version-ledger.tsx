import Link from "next/link";
import { useTranslations } from "next-intl";
import { DigestText } from "../../components/digest.tsx";
import { Moment } from "../../components/moment.tsx";
import { sizeText } from "../../components/quantities.ts";
import type { ModelVersion } from "../../trpc/types.ts";
import { sizeOf } from "./size-of.ts";
import { VersionRemove } from "./version-remove.tsx";

/** The versions of a model, newest first. `shown` is the one whose card stands on the page. */
export function VersionLedger({
  versions,
  slug,
  shown,
}: {
  versions: readonly ModelVersion[];
  slug: string;
  shown: string;
}) {
  const t = useTranslations("models.page");
  return (
    <div className="overflow-x-auto">
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col">{t("number")}</th>
            <th scope="col">{t("file")}</th>
            <th scope="col" className="num max-md:hidden">
              {t("size")}
            </th>
            <th scope="col" className="max-md:hidden">
              {t("digest")}
            </th>
            <th scope="col" className="max-md:hidden">
              {t("uploader")}
            </th>
            <th scope="col" className="num max-sm:hidden">
              {t("pushed")}
            </th>
            <th scope="col" className="num max-sm:hidden">
              {t("runs")}
            </th>
            <th scope="col">
              <span className="sr-only">{t("actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <tr key={version.id}>
              <th scope="row">
                {version.id === shown ? (
                  <span aria-current="true">{version.number}</span>
                ) : (
                  <Link
                    href={`?version=${version.number}`}
                    scroll={false}
                    aria-label={t("show", { number: version.number })}
                    className="inline-block min-w-6"
                  >
                    {version.number}
                  </Link>
                )}
              </th>
              <td className="max-w-64 truncate">
                <a href={`/api/v1/model-versions/${version.id}/file`} download="" title={version.fileName}>
                  {version.fileName}
                </a>
                {version.files.length === 0 ? null : (
                  <span className="text-muted"> {t("more", { count: version.files.length })}</span>
                )}
              </td>
              <td className="num max-md:hidden">{sizeText(sizeOf(version))}</td>
              <td className="max-md:hidden">
                <DigestText value={version.digest} />
              </td>
              <td className="max-w-40 truncate max-md:hidden">
                {version.uploader ?? "–"}
                {version.madeBy === null ? null : (
                  <Link href={`/projects/${slug}/runs/${version.madeBy.number}`} className="block text-xs">
                    {t("madeBy", { number: version.madeBy.number })}
                  </Link>
                )}
              </td>
              <td className="num text-muted max-sm:hidden">
                <Moment at={version.createdAt} />
              </td>
              <td className="num max-sm:hidden">{version.runs}</td>
              <td className="num">
                <Link href={`/projects/${slug}/new?model=${version.id}`} className="mr-4">
                  {t("audit")}
                  <span className="sr-only">: {version.number}</span>
                </Link>
                <VersionRemove version={version} last={versions.length === 1} slug={slug} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
