import { router } from "../../trpc.ts";
import { devices } from "./devices.ts";
import { info } from "./info.ts";

export const system = router({ devices, info });
