export { listText } from "./lists.ts";
export { changingText, countText, decimalText, percentText, pText, shareText, significantText } from "./numbers.ts";
export { tidyChinese } from "./tidy-chinese.ts";
