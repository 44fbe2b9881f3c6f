import { useTranslations } from "next-intl";
import { DigestText } from "../../components/digest.tsx";
import { sizeText } from "../../components/quantities.ts";
import type { ModelVersion } from "../../trpc/types.ts";

/** The files of a version: the model's own first, then those beside it. */
export function VersionFiles({ version }: { version: ModelVersion }) {
  const t = useTranslations("models.page");
  const base = `/api/v1/model-versions/${version.id}`;
  const files = [
    { name: version.fileName, digest: version.digest, sizeBytes: version.sizeBytes, address: `${base}/file` },
    ...version.files.map((file) => ({
      ...file,
      address: `${base}/files/${file.name.split("/").map(encodeURIComponent).join("/")}`,
    })),
  ];
  return (
    <div className="overflow-x-auto">
      <table className="ledger fit">
        <thead>
          <tr>
            <th scope="col">{t("file")}</th>
            <th scope="col" className="num">
              {t("size")}
            </th>
            <th scope="col">{t("digest")}</th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <tr key={file.name}>
              <th scope="row" className="max-w-80 break-words">
                <a href={file.address} download="">
                  {file.name}
                </a>
              </th>
              <td className="num">{sizeText(file.sizeBytes)}</td>
              <td className="whitespace-nowrap">
                <DigestText value={file.digest} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
