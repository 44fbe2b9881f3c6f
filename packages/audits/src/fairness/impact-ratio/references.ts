import type { Reference } from "../../define.ts";

/** Sources and their status as checked on 2026-12-01 against stored copies no newer than July 2026. */
export const references: readonly Reference[] = [
  {
    of: "selection rate, scoring rate, impact ratio, exclusion under 2 %, published summary (in force)",
    citation:
      "New York City Local Law 144 of 2021; Rules of the City of New York, title 6, § 5-300 (definitions), § 5-301(b)–(d) (bias audit), § 5-302 (data), § 5-303 (published results)",
    url: "https://codelibrary.amlegal.com/codes/newyorkcity/latest/NYCrules/0-0-0-138530",
  },
  {
    of: "the four-fifths line (guidance; rescission listed as RIN 3046-AB43)",
    citation: "Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4(D)",
    url: "https://www.ecfr.gov/current/title-29/subtitle-B/chapter-XIV/part-1607/section-1607.4",
  },
  {
    of: "status of the Uniform Guidelines",
    citation:
      "Rescission of Uniform Guidelines on Employee Selection Procedures, RIN 3046-AB43, Unified Agenda of October 2025",
    url: "https://www.reginfo.gov/public/do/eAgendaViewRule?pubId=202510&RIN=3046-AB43",
  },
  {
    of: "interval of the impact ratio",
    citation: "P. A. R. Koopman, Confidence intervals for the ratio of two binomial proportions, Biometrics 40, 1984",
    url: "https://doi.org/10.2307/2531405",
  },
  {
    of: "choice of that interval",
    citation:
      "M. W. Fagerland, S. Lydersen, P. Laake, Recommended confidence intervals for two independent binomial proportions, Stat. Methods Med. Res. 24(2), 2015",
    url: "https://doi.org/10.1177/0962280211415469",
  },
  {
    of: "interval of a rate",
    citation: "E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22, 1927",
    url: "https://doi.org/10.1080/01621459.1927.10502953",
  },
  {
    of: "p against the highest rate",
    citation: "R. A. Fisher, Statistical Methods for Research Workers, 5th ed., 1934, section 21.02",
    url: "https://doi.org/10.1007/978-1-4612-4380-9_6",
  },
  {
    of: "adjusted p",
    citation: "S. Holm, A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6, 1979",
    url: "https://www.jstor.org/stable/4615733",
  },
];
