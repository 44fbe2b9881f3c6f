import { router } from "../../trpc.ts";
import { create } from "./create.ts";
import { get } from "./get.ts";
import { history } from "./history.ts";
import { list } from "./list.ts";
import { preview } from "./preview.ts";
import { remove } from "./remove.ts";
import { runNow } from "./run-now.ts";
import { update } from "./update.ts";

export const schedules = router({ create, get, history, list, preview, remove, runNow, update });
