export { type Cluster, runningCluster, startCluster } from "./cluster.ts";
