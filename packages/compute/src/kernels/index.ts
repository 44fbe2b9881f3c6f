/** Every kernel, with a version that is raised whenever its result may change. A report names those that ran. */
export const kernels = [
  { name: "boost", version: "1" },
  { name: "classes", version: "1" },
  { name: "confusion", version: "1" },
  { name: "dense", version: "1" },
  { name: "forest", version: "1" },
  { name: "logistic", version: "1" },
  { name: "nearest", version: "1" },
  { name: "permute", version: "1" },
  { name: "philox", version: "1" },
  { name: "ranks", version: "1" },
  { name: "reduce", version: "1" },
  { name: "resample", version: "1" },
  { name: "scan", version: "1" },
  { name: "slices", version: "1" },
  { name: "tally", version: "1" },
  { name: "tree-shap", version: "1" },
] as const satisfies readonly { readonly name: string; readonly version: string }[];
