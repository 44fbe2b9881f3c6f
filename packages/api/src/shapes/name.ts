import { z } from "zod";

/** Ends a line, or turns the writing around it: a name stands in headings, subjects of letters and file names. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/** What people call a thing: one line, blanks around it dropped. */
export const nameOf = (thing: string, most = 100) =>
  z
    .string()
    .trim()
    .min(1, `${thing} needs a name`)
    .max(most)
    .refine((name) => !unseen.test(name), "a name is one line, without characters that cannot be seen");
