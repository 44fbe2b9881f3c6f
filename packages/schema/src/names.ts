/** The five pillars, in the order every page and report shows them. */
export const pillars = ["efficiency", "explainability", "fairness", "impact", "privacy"] as const;
export type Pillar = (typeof pillars)[number];

export const locales = ["en", "zh-CN"] as const;
export type Locale = (typeof locales)[number];

export const devices = ["cpu", "webgpu", "cuda"] as const;
export type DeviceName = (typeof devices)[number];
