import { router } from "../../trpc.ts";
import { get } from "./get.ts";
import { push } from "./push.ts";

export const reports = router({ get, push });
