export { type Env, readEnv, variables } from "./env.ts";
export { type Server, startServer } from "./server.ts";
