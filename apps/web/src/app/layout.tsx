import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { readPreferences } from "../features/preferences/read-preferences.ts";
import { ZoneKeeper } from "../features/preferences/zone-keeper.tsx";
import { Providers } from "../features/shell/providers.tsx";
import "./globals.css";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("app");
  return { title: { default: "Assay", template: "%s · Assay" }, description: t("description") };
}

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [{ locale, theme, zone }, head] = await Promise.all([readPreferences(), headers()]);
  return (
    <html lang={locale} data-theme={theme === "system" ? undefined : theme}>
      <body>
        <NextIntlClientProvider>
          <Providers nonce={head.get("x-nonce") ?? undefined}>
            <div className="app">{children}</div>
          </Providers>
        </NextIntlClientProvider>
        <ZoneKeeper zone={zone} />
      </body>
    </html>
  );
}
