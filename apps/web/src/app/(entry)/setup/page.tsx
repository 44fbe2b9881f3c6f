import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Answer, Lede } from "../../../components/page.tsx";
import { SetupForm } from "../../../features/entry/setup-form.tsx";
import { api } from "../../../trpc/server.ts";

export async function generateMetadata(): Promise<Metadata> {
  // The one-time token in the address goes nowhere.
  return { title: (await getTranslations("setup"))("title"), referrer: "no-referrer" };
}

export default async function SetupPage({ searchParams }: { searchParams: Promise<{ token?: string | string[] }> }) {
  const t = await getTranslations("setup");
  const [{ token }, { needsSetup }] = await Promise.all([searchParams, (await api()).system.info.query()]);
  if (!needsSetup) redirect("/sign-in");
  return (
    <>
      <Answer>{t("title")}</Answer>
      {typeof token === "string" && token !== "" ? (
        <>
          <Lede>{t("lede")}</Lede>
          <SetupForm token={token} />
        </>
      ) : (
        <Lede>{t("noToken")}</Lede>
      )}
    </>
  );
}
