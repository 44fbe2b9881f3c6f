/** Fetches the search over all pages. One way to it: bundlers make files of their own for each place that imports it. */
export const loadPalette = () => import("./palette.tsx").then((module) => module.Palette);
