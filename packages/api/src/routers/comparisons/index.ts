import { router } from "../../trpc.ts";
import { cancel } from "./cancel.ts";
import { create } from "./create.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { pairing } from "./pairing.ts";
import { remove } from "./remove.ts";
import { watch } from "./watch.ts";

export const comparisons = router({ cancel, create, get, list, pairing, remove, watch });
