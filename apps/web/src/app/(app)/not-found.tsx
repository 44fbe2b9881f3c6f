import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Answer, Lede } from "../../components/page.tsx";

/** Beside the navigation: a project, run or dataset that is not there, or no longer. */
export default async function NotFound() {
  const t = await getTranslations("notFound");
  return (
    <>
      <Answer>{t("title")}</Answer>
      <Lede>{t("text")}</Lede>
      <Link href="/">{t("back")}</Link>
    </>
  );
}
