import type { Reference } from "../../define.ts";

export const references: readonly Reference[] = [
  {
    of: "mutual information",
    citation: "T. M. Cover and J. A. Thomas, Elements of Information Theory, 2nd ed. (2006), chapter 2",
    url: "https://doi.org/10.1002/047174882X",
  },
  {
    of: "bias of mutual information (Miller–Madow)",
    citation: "L. Paninski, Neural Computation 15 (2003) 1191–1253",
    url: "https://doi.org/10.1162/089976603321780272",
  },
  {
    of: "normalised mutual information (uncertainty coefficient)",
    citation: "H. Theil, Journal of the American Statistical Association 65 (1970) 103–154",
    url: "https://doi.org/10.1080/01621459.1970.10481072",
  },
  {
    of: "adjusted p",
    citation: "S. Holm, Scandinavian Journal of Statistics 6 (1979) 65–70",
    url: "https://www.jstor.org/stable/4615733",
  },
  {
    of: "tree",
    citation: "L. Breiman, J. H. Friedman, R. A. Olshen and C. J. Stone, Classification and Regression Trees (1984)",
    url: "https://doi.org/10.1201/9781315139470",
  },
  {
    of: "interval of fidelity",
    citation: "E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209–212",
    url: "https://doi.org/10.1080/01621459.1927.10502953",
  },
  {
    of: "gain over a constant answer",
    citation: "A. Agresti and Y. Min, Statistics in Medicine 24 (2005) 729–740",
    url: "https://doi.org/10.1002/sim.1781",
  },
  {
    of: "AUC of the tree",
    citation: "E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988) 837–845",
    url: "https://doi.org/10.2307/2531595",
  },
  {
    of: "held-out rows (Philox)",
    citation: "J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, SC 2011",
    url: "https://doi.org/10.1145/2063384.2063405",
  },
];
