export { listText } from "./lists.ts";
export { countText, decimalText, percentText, pText } from "./numbers.ts";
