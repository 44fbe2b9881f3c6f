import type { Reference } from "../../define.ts";

export const references: readonly Reference[] = [
  {
    of: "integrated gradients, completeness",
    citation:
      "M. Sundararajan, A. Taly and Q. Yan, Axiomatic Attribution for Deep Networks, ICML (2017), PMLR 70, 3319–3328",
    url: "https://arxiv.org/abs/1703.01365",
  },
  {
    of: "Gauss–Legendre quadrature",
    citation: "M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 25.4.29",
    url: "https://dlmf.nist.gov/3.5#v",
  },
  {
    of: "what a baseline decides",
    citation:
      "P. Sturmfels, S. Lundberg and S.-I. Lee, Visualizing the Impact of Feature Attribution Baselines, Distill (2020)",
    url: "https://doi.org/10.23915/distill.00022",
  },
];
