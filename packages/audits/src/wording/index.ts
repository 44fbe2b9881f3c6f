export { listText } from "./lists.ts";
export { countText, decimalText, percentText, pText, shareText } from "./numbers.ts";
export { tidyChinese } from "./tidy-chinese.ts";
