/** What needs no Zod, for programs that must start at once: `@assay/schema/plain`. The same modules as the whole. */
export * from "./error.ts";
export * from "./measure-key.ts";
export * from "./names.ts";
export * from "./nearest-name.ts";
