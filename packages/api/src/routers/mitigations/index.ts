import { router } from "../../trpc.ts";
import { create } from "./create.ts";
import { options } from "./options.ts";

export const mitigations = router({ create, options });
