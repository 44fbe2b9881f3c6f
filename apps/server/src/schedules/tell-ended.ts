import type { EndedTick, Stores } from "@assay/db";
import type { Notices } from "../notices/notices.ts";
import { troubleOf } from "./trouble.ts";

const atOnce = 100;

/**
 * Tells of scheduled runs that ended with a failed check or an error, and of runs that could not be made, where the project says
 * whom. An error that stays the same from time to time is told the first time.
 */
export async function tellEnded(stores: Stores, notices: Pick<Notices, "enqueue">): Promise<void> {
  for (const ended of await stores.scheduleWork.ended(atOnce)) {
    const { scheduleId, projectId, dueAt } = ended;
    const form = (await isTold(ended, stores)) ? await stores.feedbackForms.find(projectId) : null;
    await stores.scheduleWork.tell(scheduleId, dueAt, async (sql) => {
      if (form !== null) await notices.enqueue(sql, form, { scheduleId, dueAt: dueAt.toISOString() });
    });
  }
}

async function isTold(ended: EndedTick, { scheduleWork }: Stores): Promise<boolean> {
  const trouble = ended.notify ? troubleOf(ended) : null;
  if (trouble === null || trouble === "check") return trouble !== null;
  const before = await scheduleWork.errorBefore(ended.scheduleId, ended.dueAt);
  return before === null || before.code !== ended.error?.code || before.message !== ended.error.message;
}
