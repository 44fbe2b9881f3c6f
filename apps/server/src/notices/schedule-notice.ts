import { troubleOf } from "../schedules/trouble.ts";
import { type NoticeKind, oneLine } from "./notice.ts";

/** That a scheduled run failed a check or could not be completed, or that none could be made. */
export const scheduleNotice: NoticeKind<{ readonly scheduleId: string; readonly dueAt: string }> = {
  async content({ scheduleId, dueAt }, project, url, stores) {
    const ended = await stores.scheduleWork.find(scheduleId, new Date(dueAt));
    const trouble = ended && troubleOf(ended);
    if (ended === null || trouble === null) return null;
    const { id, slug, name } = project;
    const { run, error } = ended;
    const link = run === null ? `${url}/schedules/${scheduleId}` : `${url}/runs/${run.number}`;
    const [title, schedule] = [oneLine(name), oneLine(ended.name)];
    const { en, zh } = sentences[trouble](run?.number ?? 0);
    return {
      webhook: {
        event: trouble === "check" ? "schedule.check-failed" : "schedule.error",
        project: { id, slug, name },
        schedule: { id: scheduleId, name: ended.name },
        dueAt,
        run: run && { id: run.id, number: run.number },
        error,
        url: link,
      },
      letter: {
        subject: `${title}: ${en} · ${zh}`,
        text: `Schedule "${schedule}" of the project "${title}": ${en}.${error === null ? "" : `\n${error.message}`}\n项目“${title}”的定时审计“${schedule}”：${zh}。\n\n${link}\n`,
      },
    };
  },
  note: ({ scheduleId, dueAt }, { channel, failure }, stores) =>
    stores.scheduleWork.note(scheduleId, new Date(dueAt), failure === null ? channel : `${channel}: ${failure}`),
};

const sentences = {
  check: (number: number) => ({ en: `run ${number} fails a check`, zh: `运行 ${number} 有检查未通过` }),
  run: (number: number) => ({ en: `run ${number} could not be completed`, zh: `运行 ${number} 未能完成` }),
  made: (_: number) => ({ en: "no run could be made", zh: "未能开始运行" }),
} as const;
