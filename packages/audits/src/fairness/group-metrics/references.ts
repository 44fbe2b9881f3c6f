import type { Reference } from "../../define.ts";
import { beutel, geyik, singh } from "../../metrics/lists/index.ts";

export const references: readonly Reference[] = [
  {
    of: "interval of a rate",
    citation: "E. B. Wilson, Probable inference, JASA 22 (1927) 209–212",
    url: "https://doi.org/10.1080/01621459.1927.10502953",
  },
  {
    of: "interval of a difference of two rates",
    citation:
      "R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17 (1998) 873–890",
    url: "https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I",
  },
  {
    of: "interval of a ratio of two rates",
    citation:
      "A. Donner and G. Y. Zou, Closed-form confidence intervals for functions of the normal mean and standard deviation, Statistical Methods in Medical Research 21 (2012) 347–359",
    url: "https://doi.org/10.1177/0962280210383082",
  },
  {
    of: "all pairs of groups at once",
    citation:
      "A. J. Hayter, A proof of the conjecture that the Tukey–Kramer multiple comparisons procedure is conservative, Annals of Statistics 12 (1984) 61–75",
    url: "https://doi.org/10.1214/aos/1176346392",
  },
  {
    of: "bootstrap interval",
    citation: "B. Efron, Better bootstrap confidence intervals, JASA 82 (1987) 171–185",
    url: "https://doi.org/10.1080/01621459.1987.10478410",
  },
  {
    of: "permutation p value",
    citation: "B. Phipson and G. K. Smyth, Permutation p-values should never be zero, SAGMB 9 (2010) article 39",
    url: "https://doi.org/10.2202/1544-6115.1585",
  },
  {
    of: "studentised permutation test",
    citation:
      "E. Chung and J. P. Romano, Exact and asymptotically robust permutation tests, Annals of Statistics 41 (2013) 484–507",
    url: "https://doi.org/10.1214/13-AOS1090",
  },
  {
    of: "test of equal score metrics",
    citation: "B. L. Welch, On the comparison of several mean values, Biometrika 38 (1951) 330–336",
    url: "https://doi.org/10.1093/biomet/38.3-4.330",
  },
  {
    of: "interval of the ROC AUC",
    citation:
      "E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Comparing the areas under correlated ROC curves, Biometrics 44 (1988) 837–845",
    url: "https://doi.org/10.2307/2531595",
  },
  {
    of: "Holm's adjustment",
    citation:
      "S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979) 65–70",
    url: "https://www.jstor.org/stable/4615733",
  },
  {
    of: "Benjamini–Hochberg's adjustment",
    citation: "Y. Benjamini and Y. Hochberg, Controlling the false discovery rate, JRSS B 57 (1995) 289–300",
    url: "https://doi.org/10.1111/j.2517-6161.1995.tb02031.x",
  },
  {
    of: "effective counts of weighted rows",
    citation:
      "J. N. K. Rao and A. J. Scott, A simple method for the analysis of clustered binary data, Biometrics 48 (1992) 577–585",
    url: "https://doi.org/10.2307/2532311",
  },
  {
    of: "spread of groups in the corrected gap",
    citation:
      "R. DerSimonian and N. Laird, Meta-analysis in clinical trials, Controlled Clinical Trials 7 (1986) 177–188",
    url: "https://doi.org/10.1016/0197-2456(86)90046-2",
  },
  {
    of: "gap pooled over strata",
    citation:
      "S. Greenland and J. M. Robins, Estimation of a common effect parameter from sparse follow-up data, Biometrics 41 (1985) 55–68; T. Sato, Biometrics 45 (1989) 1323–1324",
    url: "https://doi.org/10.2307/2530643",
  },
  {
    of: "Simpson's paradox in admissions",
    citation:
      "P. J. Bickel, E. A. Hammel and J. W. O'Connell, Sex bias in graduate admissions, Science 187 (1975) 398–404",
    url: "https://doi.org/10.1126/science.187.4175.398",
  },
  {
    of: "equalized odds",
    citation: "M. Hardt, E. Price and N. Srebro, Equality of opportunity in supervised learning, NeurIPS 29 (2016)",
    url: "https://arxiv.org/abs/1610.02413",
  },
  {
    of: "several classes in one test",
    citation: "O. J. Dunn, Multiple comparisons among means, JASA 56 (1961) 52–64",
    url: "https://doi.org/10.1080/01621459.1961.10482090",
  },
  {
    of: "gaps of predicted numbers",
    citation:
      "T. Calders, A. Karim, F. Kamiran, W. Ali and X. Zhang, Controlling attribute effect in linear regression, ICDM (2013) 71–80",
    url: "https://doi.org/10.1109/ICDM.2013.114",
  },
  {
    of: "degrees of freedom of pooled gaps",
    citation:
      "F. E. Satterthwaite, An approximate distribution of estimates of variance components, Biometrics Bulletin 2 (1946) 110–114",
    url: "https://doi.org/10.2307/3002019",
  },
  {
    of: "gap of half a standard deviation",
    citation: "J. Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd ed. (1988), section 2.2",
    url: "https://doi.org/10.4324/9780203771587",
  },
  { of: "exposure of groups", ...singh },
  { of: "share and skew of the first places, NDKL", ...geyik },
  { of: "pairwise accuracy", ...beutel },
  {
    of: "intervals over lists",
    citation: "B. Efron and C. Stein, The jackknife estimate of variance, Annals of Statistics 9 (1981) 586–596",
    url: "https://doi.org/10.1214/aos/1176345462",
  },
  {
    of: "errors of shares over few lists, after R. M. Bell and D. F. McCaffrey, Survey Methodology 28 (2002) 169–181",
    citation:
      "J. E. Pustejovsky and E. Tipton, Small-sample methods for cluster-robust variance estimation and hypothesis testing in fixed effects models, Journal of Business and Economic Statistics 36 (2018) 672–683",
    url: "https://doi.org/10.1080/07350015.2016.1247004",
  },
  {
    of: "logit intervals of shares of clusters",
    citation: "T. Lumley, Analysis of Complex Survey Samples: the R package survey, svyciprop with method xlogit",
    url: "https://r-survey.r-forge.r-project.org/pkgdown/docs/reference/svyciprop.html",
  },
  {
    of: "log loss and Brier score of several classes",
    citation: "scikit-learn user guide, metrics and scoring: log_loss; brier_score_loss with scale_by_half auto",
    url: "https://scikit-learn.org/stable/modules/model_evaluation.html#brier-score-loss",
  },
  {
    of: "calibration error of the largest probability",
    citation:
      "C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, On calibration of modern neural networks, ICML (2017) 1321–1330",
    url: "https://arxiv.org/abs/1706.04599",
  },
];
