export * from "./define.ts";
export { inProcess } from "./executors/in-process.ts";
export { frameworks } from "./frameworks/index.ts";
export { guessPlan } from "./guess.ts";
export * from "./prepare.ts";
export { registry } from "./registry.ts";
export { bindRoles, type GroupRole, type KnownColumn, type Roles } from "./roles.ts";
export * from "./run.ts";
export { cutShards } from "./shards.ts";
