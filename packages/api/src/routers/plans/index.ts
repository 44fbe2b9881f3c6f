import { router } from "../../trpc.ts";
import { check } from "./check.ts";
import { guess } from "./guess.ts";

export const plans = router({ check, guess });
