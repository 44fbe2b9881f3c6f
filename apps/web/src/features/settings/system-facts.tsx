import { useTranslations } from "next-intl";
import { sizeText } from "../../components/quantities.ts";
import type { SystemInfo } from "../../trpc/types.ts";

export function SystemFacts({ system }: { system: SystemInfo }) {
  const t = useTranslations("settings.facts");
  const facts = [
    [t("version"), system.version],
    [t("device"), `${system.device.name}: ${system.device.description}`],
    [t("database"), system.database],
    [t("upload"), sizeText(system.uploadLimitBytes)],
  ] as const;
  return (
    <dl className="m-0 grid gap-x-4 border-t border-line pt-2 text-sm leading-6 sm:grid-cols-[120px_minmax(0,1fr)]">
      {facts.map(([term, value]) => (
        <div key={term} className="contents">
          <dt className="text-muted">{term}</dt>
          <dd className="m-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
