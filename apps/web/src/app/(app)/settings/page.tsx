import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Answer, Lede, Section } from "../../../components/page.tsx";
import { Devices } from "../../../features/devices/devices.tsx";
import { KeyLedger } from "../../../features/keys/key-ledger.tsx";
import { LocaleChoice, ThemeChoice } from "../../../features/preferences/preference-choices.tsx";
import { readPreferences } from "../../../features/preferences/read-preferences.ts";
import { Account } from "../../../features/settings/account.tsx";
import { SystemFacts } from "../../../features/settings/system-facts.tsx";
import { answerOf, api } from "../../../trpc/server.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("title") };
}

/** Who, keys, language, look, and what this browser and the server compute on. */
export default async function SettingsPage() {
  const [t, client, { theme }] = await Promise.all([getTranslations("settings"), api(), readPreferences()]);
  const [{ user }, keys, system, devices] = await Promise.all([
    answerOf(client.me.get.query()),
    answerOf(client.keys.list.query()),
    answerOf(client.system.info.query()),
    answerOf(client.system.devices.query()),
  ]);
  return (
    <>
      <Answer>{t("title")}</Answer>
      <Lede>{t("lede", { name: user.name, email: user.email })}</Lede>
      <Section title={t("account")}>
        <Account />
      </Section>
      <KeyLedger keys={keys} />
      <Section title={t("look")}>
        <dl className="m-0 grid items-center gap-x-4 gap-y-3 border-t border-line pt-4 text-sm sm:grid-cols-[120px_minmax(0,1fr)]">
          <dt className="text-muted">{t("language")}</dt>
          <dd className="m-0">
            <LocaleChoice />
          </dd>
          <dt className="text-muted">{t("theme")}</dt>
          <dd className="m-0">
            <ThemeChoice theme={theme} />
          </dd>
        </dl>
      </Section>
      <Devices server={devices} />
      <Section title={t("system")}>
        <SystemFacts system={system} />
      </Section>
    </>
  );
}
