import type { Reference } from "../../define.ts";

export const references: readonly Reference[] = [
  {
    of: "k-anonymity",
    citation:
      "L. Sweeney, k-anonymity: a model for protecting privacy, Int. J. Uncertainty, Fuzziness and Knowledge-Based Systems 10(5), 2002",
    url: "https://doi.org/10.1142/S0218488502001648",
  },
  {
    of: "prosecutor risk, journalist risk",
    citation: "K. El Emam, F. K. Dankar, Protecting privacy using k-anonymity, J. Am. Med. Inform. Assoc. 15(5), 2008",
    url: "https://doi.org/10.1197/jamia.M2716",
  },
  {
    of: "marketer risk",
    citation:
      "F. K. Dankar, K. El Emam, A method for evaluating marketer re-identification risk, EDBT/ICDT Workshops, 2010",
    url: "https://doi.org/10.1145/1754239.1754271",
  },
  {
    of: "distinct, entropy and recursive l-diversity",
    citation:
      "A. Machanavajjhala, D. Kifer, J. Gehrke, M. Venkitasubramaniam, l-diversity: privacy beyond k-anonymity, ACM Trans. Knowl. Discov. Data 1(1), 2007",
    url: "https://doi.org/10.1145/1217299.1217302",
  },
  {
    of: "t-closeness with equal and ordered distances",
    citation: "N. Li, T. Li, S. Venkatasubramanian, t-closeness: privacy beyond k-anonymity and l-diversity, ICDE 2007",
    url: "https://doi.org/10.1109/ICDE.2007.367856",
  },
  {
    of: "basic β-likeness",
    citation: "J. Cao, P. Karras, Publishing microdata with a robust privacy guarantee, PVLDB 5(11), 2012",
    url: "https://doi.org/10.14778/2350229.2350255",
  },
  {
    of: "unique in the sample against unique in the population",
    citation: "C. J. Skinner, M. J. Elliot, A measure of disclosure risk for microdata, J. R. Stat. Soc. B 64(4), 2002",
    url: "https://doi.org/10.1111/1467-9868.00365",
  },
  {
    of: "a risk of 0.09 (k = 11)",
    citation:
      "European Medicines Agency, External guidance on the implementation of Policy 0070 on the publication of clinical data (EMA/90915/2016)",
    url: "https://www.ema.europa.eu/en/human-regulatory-overview/marketing-authorisation/clinical-data-publication/support-industry-clinical-data-publication",
  },
];
