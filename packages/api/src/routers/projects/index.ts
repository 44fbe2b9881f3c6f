import { router } from "../../trpc.ts";
import { create } from "./create.ts";
import { ensure } from "./ensure.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { remove } from "./remove.ts";
import { rename } from "./rename.ts";

export const projects = router({ create, ensure, get, list, remove, rename });
