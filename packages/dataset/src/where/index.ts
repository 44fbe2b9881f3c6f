export * from "./evaluate.ts";
export { parseWhere, whereProblems } from "./parser.ts";
export * from "./syntax.ts";
