import type { Policy } from "@assay/schema";
import { californiaAds } from "./california-ads.ts";
import { chinaPipl } from "./china-pipl.ts";
import { coloradoInsurance } from "./colorado-insurance.ts";
import { coloradoSb26189 } from "./colorado-sb26-189.ts";
import { ecoaRegB } from "./ecoa-reg-b.ts";
import { eeocFourFifths } from "./eeoc-four-fifths.ts";
import { euAiAct } from "./eu-ai-act.ts";
import { illinoisHb3773 } from "./illinois-hb3773.ts";
import { njDisparateImpact } from "./nj-disparate-impact.ts";
import { nycLl144 } from "./nyc-ll144.ts";
import { texasTraiga } from "./texas-traiga.ts";
import { ukEqualityAct } from "./uk-equality-act.ts";

/** Laws, guidance and standards that a plan can name as its policy, alphabetical. */
export const frameworks = [
  californiaAds,
  chinaPipl,
  coloradoInsurance,
  coloradoSb26189,
  ecoaRegB,
  eeocFourFifths,
  euAiAct,
  illinoisHb3773,
  njDisparateImpact,
  nycLl144,
  texasTraiga,
  ukEqualityAct,
] as const satisfies readonly Policy[];
