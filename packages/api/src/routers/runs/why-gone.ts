import type { RunDetail } from "@assay/db";
import { type LocalizedText, readPlan } from "@assay/schema";

/** Why what a run audited cannot be read again: the server never had it, or it was removed. Null where all is there. */
export function whyGone({ number, origin, dataset, model, planYaml }: RunDetail): LocalizedText | null {
  if (origin === "pushed") {
    return {
      en: `run ${number} was computed elsewhere and pushed: the server has its report and no rows`,
      "zh-CN": `运行 ${number} 是在别处计算后推送的：服务器上只有报告，没有数据行`,
    };
  }
  if (dataset === null) {
    return {
      en: `the data of run ${number} were removed: upload them again and run the audit anew`,
      "zh-CN": `运行 ${number} 的数据已被删除：请重新上传并再次审计`,
    };
  }
  if (model === null && readPlan(planYaml, `plan of run ${number}`).model?.file !== undefined) {
    return {
      en: `the model of run ${number} was removed: push it again and run the audit anew`,
      "zh-CN": `运行 ${number} 的模型已被删除：请重新推送并再次审计`,
    };
  }
  return null;
}
