import { router } from "../../trpc.ts";
import { assignees } from "./assignees.ts";
import { counts } from "./counts.ts";
import { form } from "./form.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { remove } from "./remove.ts";
import { removed } from "./removed.ts";
import { rotate } from "./rotate.ts";
import { update } from "./update.ts";
import { updateForm } from "./update-form.ts";

export const feedback = router({ assignees, counts, form, get, list, remove, removed, rotate, update, updateForm });
