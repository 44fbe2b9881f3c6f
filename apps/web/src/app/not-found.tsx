import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Answer, Lede } from "../components/page.tsx";

export default async function NotFound() {
  const t = await getTranslations("notFound");
  return (
    <main className="mx-auto max-w-[46rem] px-4 pt-[16vh]">
      <Answer>{t("title")}</Answer>
      <Lede>{t("text")}</Lede>
      <Link href="/">{t("back")}</Link>
    </main>
  );
}
