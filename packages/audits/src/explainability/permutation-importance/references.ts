import type { Reference } from "../../define.ts";

export const references: readonly Reference[] = [
  {
    of: "permutation importance",
    citation: "L. Breiman, Machine Learning 45 (2001) 5–32, section 10",
    url: "https://doi.org/10.1023/A:1010933404324",
  },
  {
    of: "permutation importance of any model",
    citation: "A. Fisher, C. Rudin and F. Dominici, Journal of Machine Learning Research 20 (2019) 177, 1–81",
    url: "https://jmlr.org/papers/v20/18-760.html",
  },
  {
    of: "variance by influence functions",
    citation: "A. W. van der Vaart, Asymptotic Statistics (1998), chapters 12 and 20",
    url: "https://doi.org/10.1017/CBO9780511802256",
  },
  {
    of: "influence of a row on the AUC",
    citation: "E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988) 837–845",
    url: "https://doi.org/10.2307/2531595",
  },
  {
    of: "adjusted p",
    citation: "S. Holm, Scandinavian Journal of Statistics 6 (1979) 65–70",
    url: "https://www.jstor.org/stable/4615733",
  },
  {
    of: "shuffles by index bijection",
    citation: "R. Mitchell, D. Stokes, E. Frank and G. Holmes, ACM Transactions on Parallel Computing 9 (2022) 1–23",
    url: "https://doi.org/10.1145/3505287",
  },
];
