import type { Locale } from "@assay/schema";
import type en from "./en.json";

declare module "next-intl" {
  interface AppConfig {
    Locale: Locale;
    Messages: typeof en;
  }
}
