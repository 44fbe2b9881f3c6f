import type { Finding } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { Reading } from "../../groups/reading.ts";
import { judgeBinary } from "./binary/judge.ts";
import { judgeClasses } from "./classes/judge.ts";
import { judgeLists } from "./lists/judge.ts";
import { outputsOf } from "./outputs.ts";
import type { Input } from "./settings.ts";
import { judgeValues } from "./values/judge.ts";

export function judge(conclusion: Conclusion, context: AuditContext<Input>): Finding[] {
  const reading = new Reading(conclusion.measures);
  const { decided, lists } = outputsOf(context.input, context.roles);
  return [
    ...(decided === "binary" ? judgeBinary(reading, context) : []),
    ...(decided === "classes" ? judgeClasses(reading, context) : []),
    ...(decided === "values" ? judgeValues(reading, context) : []),
    ...(lists ? judgeLists(reading, context) : []),
  ];
}
