"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Confirm } from "../../components/confirm.tsx";
import { Moment } from "../../components/moment.tsx";
import { useNotice } from "../../components/notices.tsx";
import { Section } from "../../components/page.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import type { ApiKey } from "../../trpc/types.ts";
import { NewKey } from "./new-key.tsx";

/** The reader's API keys: for the command line, the SDK and pipelines. */
export function KeyLedger({ keys }: { keys: readonly ApiKey[] }) {
  const t = useTranslations("keys");
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  return (
    <Section id="keys" title={t("title")} note={t("note")} actions={<NewKey />}>
      {keys.length === 0 ? (
        <div className="border-t border-line pt-3">
          <p className="m-0 max-w-[60ch] text-sm text-muted">
            {t.rich("empty", { code: (text) => <code className="font-mono text-xs">{text}</code> })}
          </p>
        </div>
      ) : (
        <div className="overflow-x-auto">
          <table className="ledger">
            <thead>
              <tr>
                <th scope="col">{t("name")}</th>
                <th scope="col">{t("start")}</th>
                <th scope="col" className="num max-md:hidden">
                  {t("created")}
                </th>
                <th scope="col" className="num max-sm:hidden">
                  {t("used")}
                </th>
                <th scope="col" className="num max-md:hidden">
                  {t("expires")}
                </th>
                <th scope="col">
                  <span className="sr-only">{t("actions")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {keys.map((key) => (
                <tr key={key.id}>
                  <th scope="row">{key.name}</th>
                  <td className="font-mono text-xs">{key.start}…</td>
                  <td className="num text-muted max-md:hidden">
                    <Moment at={key.createdAt} />
                  </td>
                  <td className="num text-muted max-sm:hidden">
                    {key.lastUsedAt === null ? t("unused") : <Moment at={key.lastUsedAt} />}
                  </td>
                  <td className="num text-muted max-md:hidden">
                    {key.expiresAt === null ? t("forever") : <Moment at={key.expiresAt} />}
                  </td>
                  <td className="num">
                    <Confirm
                      trigger={
                        <button type="button" className="text-accent hover:underline">
                          {t("revoke.trigger")}
                        </button>
                      }
                      title={t("revoke.title", { name: key.name })}
                      text={t("revoke.text")}
                      action={t("revoke.action")}
                      onConfirm={async () => {
                        await client.keys.revoke.mutate({ id: key.id });
                        notice(t("revoke.done", { name: key.name }));
                        router.refresh();
                      }}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
