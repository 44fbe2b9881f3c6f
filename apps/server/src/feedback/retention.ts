import type { Stores } from "@assay/db";

const dayMs = 24 * 3600 * 1000;

/** Erases what was written in reports that ended longer ago than their project's form keeps it. Counts stay. */
export async function eraseOldFeedback(stores: Stores, organizationId: string, now: number): Promise<void> {
  for (const { id } of await stores.projects.list(organizationId)) {
    const form = await stores.feedbackForms.find(id);
    const days = form?.settings.retentionDays ?? null;
    if (days !== null) await stores.feedback.erase(id, new Date(now - days * dayMs));
  }
}
