import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Answer, Lede } from "../../../components/page.tsx";
import { SignInForm } from "../../../features/entry/sign-in-form.tsx";
import { api } from "../../../trpc/server.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signIn"))("title") };
}

export default async function SignInPage() {
  const t = await getTranslations("signIn");
  const { needsSetup } = await (await api()).system.info.query();
  if (needsSetup) redirect("/setup");
  return (
    <>
      <Answer>{t("title")}</Answer>
      <Lede>{t("lede")}</Lede>
      <SignInForm />
    </>
  );
}
