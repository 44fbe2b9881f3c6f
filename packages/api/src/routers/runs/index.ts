import { router } from "../../trpc.ts";
import { again } from "./again.ts";
import { cancel } from "./cancel.ts";
import { compare } from "./compare.ts";
import { create } from "./create.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { remove } from "./remove.ts";
import { steps } from "./steps.ts";
import { watch } from "./watch.ts";

export const runs = router({ again, cancel, compare, create, get, list, remove, steps, watch });
