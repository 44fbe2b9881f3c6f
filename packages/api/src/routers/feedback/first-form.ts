import { FeedbackForm } from "@assay/schema";

/** What a form says before anybody has written it. The privacy notice says what Assay does; who reads it, its owner must add. */
export function firstForm(project: string): FeedbackForm {
  return FeedbackForm.parse({
    title: {
      en: `Tell us about a decision: ${project}`.slice(0, 200),
      "zh-CN": `对决定提出意见：${project}`.slice(0, 200),
    },
    intro: {
      en: "Were you, or was somebody you know, affected by a decision that you think was wrong or unfair? Tell us what happened. You need no account and need not give your name.",
      "zh-CN":
        "您或您认识的人是否受到某项决定的影响，而您认为该决定不对或不公平？请告诉我们发生了什么。无需账号，也不必留下姓名。",
    },
    privacy: {
      en: "What you write is read by the people who look after these decisions, to find and mend faults. No address of your device is kept and no cookie is set. Counts without names enter reports about the fairness of these decisions. With your reference you can withdraw your report at any time; it is then erased at once and no longer counted.",
      "zh-CN":
        "您写的内容由负责这些决定的人员阅读，用于发现并纠正差错。我们不保存您设备的地址，也不使用 Cookie。不含姓名的统计数会用于有关这些决定是否公平的报告。凭查询码可随时撤回；撤回后内容立即删除，也不再计入统计。",
    },
    contact: "",
    decisions: [],
    groups: [],
    origins: [],
    retentionDays: 365,
    notify: { email: null, webhook: null },
  });
}
