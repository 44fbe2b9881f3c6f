import Link from "next/link";
import { useTranslations } from "next-intl";

/** Whom the project's form of feedback tells. */
export interface ToldWhom {
  readonly email: string | null;
  readonly webhook: string | null;
}

/** Who hears of failed checks and errors, and where that is set. */
export function Told({ slug, whom }: { slug: string; whom: ToldWhom }) {
  const t = useTranslations("schedules.form");
  const to = [whom.email, whom.webhook === null ? null : new URL(whom.webhook).origin].filter((one) => one !== null);
  const link = (chunks: React.ReactNode) => (
    <Link className="underline underline-offset-2" href={`/projects/${slug}/feedback/form`}>
      {chunks}
    </Link>
  );
  return to.length === 0
    ? t.rich("notifyNobody", { link })
    : t.rich("notifyTo", { count: to.length, to: to.join(t("comma")), link });
}
