import { z } from "zod";

export const Key = z.object({
  id: z.string(),
  name: z.string(),
  start: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
});
export type Key = z.output<typeof Key>;
