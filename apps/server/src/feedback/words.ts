import type { FeedbackState, Locale } from "@assay/schema";

interface Words {
  readonly language: string;
  readonly otherLanguage: string;
  readonly what: string;
  readonly whatHelp: string;
  readonly decision: string;
  readonly decisionNone: string;
  readonly reference: string;
  readonly referenceHelp: string;
  readonly aboutYou: string;
  readonly aboutYouHelp: string;
  readonly ratherNot: string;
  readonly contact: string;
  readonly contactHelp: string;
  readonly trap: string;
  readonly privacy: string;
  readonly privacyMissing: string;
  /** How long words are kept, by the form's setting; null: they are not erased. */
  readonly kept: (days: number | null) => string;
  readonly questions: string;
  readonly send: string;
  readonly optional: string;
  readonly received: string;
  readonly receivedText: string;
  readonly keep: string;
  readonly yourReference: string;
  readonly lookUp: string;
  readonly lookUpTitle: string;
  readonly lookUpText: string;
  readonly lookUpButton: string;
  readonly backToForm: string;
  readonly reportTitle: string;
  readonly receivedOn: string;
  readonly stands: string;
  readonly withdraw: string;
  readonly withdrawText: string;
  readonly withdrawConfirm: string;
  readonly withdrawButton: string;
  readonly withdrawn: string;
  readonly withdrawnText: string;
  readonly states: Readonly<Record<FeedbackState, string>>;
  readonly problemsTitle: string;
  readonly problems: {
    readonly whatMissing: string;
    readonly tooLong: (most: number) => string;
    readonly notAChoice: string;
    readonly trap: string;
    readonly early: string;
    readonly late: string;
    readonly stamp: string;
    readonly many: (minutes: number) => string;
    readonly noReference: string;
    readonly notConfirmed: string;
  };
  readonly closedTitle: string;
  readonly closedText: string;
  readonly unknownTitle: string;
  readonly unknownText: string;
  readonly tooLargeTitle: string;
  readonly tooLargeText: string;
  readonly failedTitle: string;
  readonly failedText: string;
}

const en: Words = {
  language: "English",
  otherLanguage: "中文",
  what: "What happened?",
  whatHelp: "In your own words. What was decided, when, and why do you think it was wrong or unfair?",
  decision: "Which decision is it about?",
  decisionNone: "Another one, or I do not know",
  reference: "Number or name of the decision",
  referenceHelp: "A file, application or customer number, if you have one. It helps to find the decision.",
  aboutYou: "About you",
  aboutYouHelp: "These answers show whether some groups are affected more often. You need not answer any of them.",
  ratherNot: "I would rather not say",
  contact: "How can we reach you?",
  contactHelp: "An e-mail address or a telephone number, only if you want an answer.",
  trap: "Leave this field empty",
  privacy: "What happens to your report",
  privacyMissing: "Your report is read by the people who are responsible for these decisions, and by nobody else.",
  kept: (days) =>
    days === null
      ? "What you write is kept until you withdraw it or it is removed."
      : `${days === 1 ? "One day" : `${days} days`} after your report has been dealt with, what you wrote is erased; only counts stay: the month, the outcome, which decision it was about and the answers about you.`,
  questions: "Questions about this:",
  send: "Send",
  optional: "optional",
  received: "Your report has arrived",
  receivedText: "Thank you. Somebody will read it.",
  keep: "Keep this reference. With it, and only with it, you can see what becomes of your report, or withdraw it.",
  yourReference: "Your reference",
  lookUp: "See what became of a report",
  lookUpTitle: "What became of your report",
  lookUpText: "Write the reference that you were given when you sent it.",
  lookUpButton: "Show",
  backToForm: "Back to the form",
  reportTitle: "Your report",
  receivedOn: "Received",
  stands: "Where it stands",
  withdraw: "Withdraw it",
  withdrawText: "What you wrote is erased at once and cannot be brought back. Your report is then no longer counted.",
  withdrawConfirm: "Yes, erase what I wrote",
  withdrawButton: "Withdraw my report",
  withdrawn: "Your report is withdrawn",
  withdrawnText: "What you wrote has been erased.",
  states: {
    new: "It has arrived and waits to be read.",
    "in-review": "Somebody is looking into it.",
    upheld: "It was looked into, and you are right. It is being put right.",
    resolved: "It was looked into, you were right, and it has been put right.",
    dismissed: "It was looked into, and no fault was found.",
    withdrawn: "You withdrew it; what you wrote has been erased.",
    spam: "It was set aside, as it did not read like a report about a decision.",
  },
  problemsTitle: "It was not sent yet",
  problems: {
    whatMissing: "Please write what happened.",
    tooLong: (most) => `This is too long; write at most ${most} characters.`,
    notAChoice: "This choice is no longer there; please choose again.",
    trap: "The field that is to stay empty was filled in, perhaps by your browser. It is empty now; please send again.",
    early: "It was sent within moments, as programs do. Please read it through once more and send it again.",
    late: "The page was open for more than a day. What you wrote is still here; please send it again.",
    stamp: "The page was not complete. What you wrote is still here; please send it again.",
    many: (minutes) =>
      `Too many reports came in just now. What you wrote is still here; please send it again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
    noReference: "No report has this reference. Please compare it with the one that you were given.",
    notConfirmed: "Please tick the box to confirm that what you wrote is to be erased.",
  },
  closedTitle: "This form is closed",
  closedText: "It takes no reports at present. With your reference you can still see what became of an earlier one.",
  unknownTitle: "There is no form here",
  unknownText: "The link is not complete, or it has been replaced by another one. Please ask whoever gave it to you.",
  tooLargeTitle: "This is too large",
  tooLargeText: "A form like this takes a few pages of text and no files. Please go back and shorten it.",
  failedTitle: "It did not work",
  failedText: "The fault is ours, and your report was not kept. Please go back and send it again in a few minutes.",
};

const zhCN: Words = {
  language: "中文",
  otherLanguage: "English",
  what: "发生了什么？",
  whatHelp: "请用您自己的话说明：作出了什么决定、什么时候、为什么您认为它不对或不公平？",
  decision: "是关于哪项决定？",
  decisionNone: "其他，或不清楚",
  reference: "决定的编号或名称",
  referenceHelp: "如有档案号、申请号或客户号，请填写，便于查找该决定。",
  aboutYou: "关于您",
  aboutYouHelp: "这些回答用于了解某些群体是否更常受到影响。每一项都可以不答。",
  ratherNot: "不愿透露",
  contact: "怎样联系您？",
  contactHelp: "电子邮箱或电话；仅在您希望得到答复时填写。",
  trap: "请将此栏留空",
  privacy: "您的反馈将如何处理",
  privacyMissing: "只有对这些决定负责的人员会阅读您的反馈。",
  kept: (days) =>
    days === null
      ? "您写的内容会一直保存，直至您撤回或被移除。"
      : `处理完毕 ${days} 天后，您写的内容将被删除，仅保留统计数：月份、处理结果、涉及哪项决定，以及关于您的回答。`,
  questions: "相关疑问请联系：",
  send: "提交",
  optional: "选填",
  received: "已收到您的反馈",
  receivedText: "谢谢您。会有人阅读。",
  keep: "请保存这个查询码。凭它（也只能凭它）可以查看处理进展或撤回反馈。",
  yourReference: "您的查询码",
  lookUp: "查询已提交的反馈",
  lookUpTitle: "您的反馈进展如何",
  lookUpText: "请输入提交时得到的查询码。",
  lookUpButton: "查询",
  backToForm: "返回表单",
  reportTitle: "您的反馈",
  receivedOn: "收到日期",
  stands: "当前进展",
  withdraw: "撤回",
  withdrawText: "您写的内容将立即删除且无法恢复，这条反馈也不再计入统计。",
  withdrawConfirm: "是的，请删除我写的内容",
  withdrawButton: "撤回我的反馈",
  withdrawn: "您的反馈已撤回",
  withdrawnText: "您写的内容已删除。",
  states: {
    new: "已收到，等待阅读。",
    "in-review": "正在调查。",
    upheld: "经调查，您的意见成立，正在纠正。",
    resolved: "经调查，您的意见成立，已经纠正。",
    dismissed: "经调查，未发现差错。",
    withdrawn: "您已撤回；所写内容已删除。",
    spam: "内容不像是关于某项决定的反馈，已搁置。",
  },
  problemsTitle: "尚未提交",
  problems: {
    whatMissing: "请写明发生了什么。",
    tooLong: (most) => `内容过长，最多 ${most} 个字符。`,
    notAChoice: "该选项已不存在，请重新选择。",
    trap: "应留空的一栏被填写了（可能由浏览器自动填写）。现已清空，请再次提交。",
    early: "提交得太快，像是程序所为。请再读一遍后重新提交。",
    late: "页面打开已超过一天。您写的内容仍在，请再次提交。",
    stamp: "页面不完整。您写的内容仍在，请再次提交。",
    many: (minutes) => `目前提交过多。您写的内容仍在，请在 ${minutes} 分钟后再次提交。`,
    noReference: "没有与此查询码对应的反馈，请与您得到的查询码核对。",
    notConfirmed: "请勾选方框，确认删除您写的内容。",
  },
  closedTitle: "表单已关闭",
  closedText: "目前不接收反馈。凭查询码仍可查询以前提交的反馈。",
  unknownTitle: "此处没有表单",
  unknownText: "链接不完整，或已被新链接取代。请向提供链接的人询问。",
  tooLargeTitle: "内容过大",
  tooLargeText: "此表单可写数页文字，不接收文件。请返回并缩短内容。",
  failedTitle: "未能完成",
  failedText: "这是我们的故障，您的反馈没有保存。请返回，几分钟后再次提交。",
};

/** What the public page says, apart from what the project wrote. */
export const words: Readonly<Record<Locale, Words>> = { en, "zh-CN": zhCN };
export type FeedbackWords = Words;
