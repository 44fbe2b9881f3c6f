import type { Locale } from "@assay/schema";
import { en, type Words } from "./en.ts";
import { zhCn } from "./zh-cn.ts";

export const words = { en, "zh-CN": zhCn } as const satisfies Record<Locale, Words>;
export type { Words };
