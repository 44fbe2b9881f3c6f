import { router } from "../../trpc.ts";
import { create } from "./create.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { ofRun } from "./of-run.ts";
import { register } from "./register.ts";
import { remove } from "./remove.ts";
import { removeVersion } from "./remove-version.ts";
import { update } from "./update.ts";
import { version } from "./version.ts";

export const models = router({ create, get, list, ofRun, register, remove, removeVersion, update, version });
