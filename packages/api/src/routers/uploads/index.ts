import { router } from "../../trpc.ts";
import { reuse } from "./reuse.ts";

export const uploads = router({ reuse });
