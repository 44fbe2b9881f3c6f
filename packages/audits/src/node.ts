export { nodeMachine } from "./executors/node-machine.ts";
export { type ThreadPool, threads } from "./executors/threads.ts";
