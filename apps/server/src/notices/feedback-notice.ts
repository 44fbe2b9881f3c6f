import { isAssayError } from "@assay/schema";
import { type NoticeKind, oneLine } from "./notice.ts";

/** That somebody affected sent a report. */
export const feedbackNotice: NoticeKind<{ readonly number: number }> = {
  async content({ number }, project, url, stores) {
    const report = await stores.feedback.get(project.id, number).catch((error: unknown) => {
      if (isAssayError(error) && error.code === "not-found") return null;
      throw error;
    });
    if (report === null) return null;
    const { id, slug, name } = project;
    const link = `${url}/feedback/${number}`;
    const { receivedAt } = report;
    const title = oneLine(name);
    return {
      webhook: { event: "feedback.received", project: { id, slug, name }, number, receivedAt, url: link },
      letter: {
        subject: `${title}: report ${number} · 反馈 ${number}`,
        text: `A report from somebody affected has arrived in the project "${title}".\n项目“${title}”收到一条受影响者的反馈。\n\n${link}\n`,
      },
    };
  },
  note: ({ number }, { projectId, channel, failure }, stores) =>
    stores.feedback.note(
      projectId,
      number,
      failure === null ? "notice-sent" : "notice-failed",
      failure === null ? channel : `${channel}: ${failure}`,
    ),
};
