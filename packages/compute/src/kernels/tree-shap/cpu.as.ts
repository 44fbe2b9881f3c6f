// Entries of the tree-shap kernel. See program.ts for blocks, ranks.ts for ranks.
export { treeShapAdd, treeShapAddMixed, treeShapRows } from "./add.as";
export { treeShapAlive, treeShapAliveScratch } from "./alive.as";
export { treeShapBuild } from "./build.as";
export { treeShapCount, treeShapShare, treeShapWeigh } from "./count.as";
export { treeShapCollect } from "./collect.as";
export { treeShapCovers, treeShapCoversScratch } from "./covers.as";
export { treeShapDeep, treeShapDeepScratch } from "./deep.as";
export { treeShapRank } from "./ranks.as";
