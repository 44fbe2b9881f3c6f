export { listText } from "./lists.ts";
export { countText, decimalText, percentText, pText, shareText, significantText } from "./numbers.ts";
export { tidyChinese } from "./tidy-chinese.ts";
