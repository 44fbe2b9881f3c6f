import type { Reference } from "../../define.ts";

export const references: readonly Reference[] = [
  {
    of: "intervals of quantiles by order statistics",
    citation: "H. A. David and H. N. Nagaraja, Order Statistics, 3rd edition (2003), section 7.1",
    url: "https://doi.org/10.1002/0471722162",
  },
  {
    of: "quantiles of calls that depend on each other, by batches",
    citation: "P. Heidelberger and P. A. W. Lewis, Operations Research 32 (1984) 185–209",
    url: "https://doi.org/10.1287/opre.32.1.185",
  },
  {
    of: "intervals that hold for several further runs",
    citation: "G. J. Hahn, Journal of the American Statistical Association 65 (1970) 1668–1676",
    url: "https://doi.org/10.2307/2284349",
  },
  {
    of: "roofline",
    citation: "S. Williams, A. Waterman and D. Patterson, Communications of the ACM 52 (2009) 65–76",
    url: "https://doi.org/10.1145/1498765.1498785",
  },
  {
    of: "what to report of measured times",
    citation: "T. Hoefler and R. Belli, Scientific Benchmarking of Parallel Computing Systems, SC (2015)",
    url: "https://doi.org/10.1145/2807591.2807644",
  },
];
