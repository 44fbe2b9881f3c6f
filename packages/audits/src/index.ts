export * from "./define.ts";
export { registry } from "./registry.ts";
export { bindRoles, type GroupRole, type Roles } from "./roles.ts";
