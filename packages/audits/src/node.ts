export { type ThreadPool, threads } from "./executors/threads.ts";
