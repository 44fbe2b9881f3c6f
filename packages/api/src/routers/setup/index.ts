import { router } from "../../trpc.ts";
import { complete } from "./complete.ts";

export const setup = router({ complete });
