import { router } from "../../trpc.ts";
import { create } from "./create.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { remove } from "./remove.ts";
import { removeVersion } from "./remove-version.ts";
import { update } from "./update.ts";
import { version } from "./version.ts";

export const models = router({ create, get, list, remove, removeVersion, update, version });
