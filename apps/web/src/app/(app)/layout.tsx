import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { readPreferences } from "../../features/preferences/read-preferences.ts";
import { Connection } from "../../features/shell/connection.tsx";
import { Navigation } from "../../features/shell/navigation.tsx";
import { faultOf } from "../../trpc/fault.ts";
import { answerOf, api } from "../../trpc/server.ts";

/** Everything behind the sign-in: the navigation beside the page. */
export default async function AppLayout({ children }: { children: ReactNode }) {
  const client = await api();
  const t = await getTranslations("app");
  try {
    await client.me.get.query();
  } catch (error) {
    if (faultOf(error).code !== "unauthorized") throw error;
    const { needsSetup } = await client.system.info.query();
    redirect(needsSetup ? "/setup" : "/sign-in");
  }
  const [projects, { theme }] = await Promise.all([answerOf(client.projects.list.query()), readPreferences()]);
  return (
    <div className="grid min-h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_1fr] md:grid-cols-[212px_minmax(0,1fr)] md:grid-rows-none">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-ink px-3 py-1.5 text-sm text-paper focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t("skip")}
      </a>
      <Navigation
        projects={projects.map(({ slug, name, runs, datasets, models }) => ({ slug, name, runs, datasets, models }))}
        theme={theme}
      />
      <main
        id="content"
        tabIndex={-1}
        className="w-full max-w-[1136px] px-4 pt-5 pb-16 outline-none md:px-12 md:pt-6 md:pb-24"
      >
        {children}
      </main>
      <Connection />
    </div>
  );
}
