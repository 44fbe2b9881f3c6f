import { getRequestConfig } from "next-intl/server";
import { readPreferences } from "../features/preferences/read-preferences.ts";
import en from "./en.json";
import zhCN from "./zh-CN.json";

const messages = { en, "zh-CN": zhCN };

export default getRequestConfig(async () => {
  const { locale, zone } = await readPreferences();
  return { locale, messages: messages[locale], timeZone: zone };
});
