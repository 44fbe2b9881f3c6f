import { errorCodes } from "@assay/schema";
import { NextIntlClientProvider } from "next-intl";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import en from "../i18n/en.json" with { type: "json" };
import zhCn from "../i18n/zh-CN.json" with { type: "json" };
import { FaultSentence } from "./fault-sentence.tsx";

const message = "this report cannot be written:\n  audits[0]: NaN";
const said = (locale: "en" | "zh-CN", withKind: boolean): string =>
  renderToStaticMarkup(
    NextIntlClientProvider({
      ...{ locale, messages: locale === "en" ? en : zhCn, timeZone: "UTC" },
      children: createElement(FaultSentence, { code: "internal", message, withKind }),
    }),
  );

test("a failure is told by its code in the reader's language, its words beside it", () => {
  expect(Object.keys(en.fault.codes)).toEqual(Object.keys(errorCodes));
  expect(said("zh-CN", false)).toBe(
    `${zhCn.fault.codes.internal} <span lang="en">This report cannot be written.</span>`,
  );
  expect(said("en", true)).toContain(en.fault.codes.internal);
  expect(said("en", false)).toBe("This report cannot be written.");
});
