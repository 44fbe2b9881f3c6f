import type { Reference } from "../../define.ts";
import { expectedCalibrationError } from "../../metrics/scores/expected-calibration-error.ts";

export const references: readonly Reference[] = [
  {
    of: "calibration in the large",
    citation:
      "B. Van Calster et al., Calibration: the Achilles heel of predictive analytics, BMC Medicine 17 (2019) 230",
    url: "https://doi.org/10.1186/s12916-019-1466-7",
  },
  {
    of: "labels drawn from the scores",
    citation:
      "J. Bröcker and L. A. Smith, Increasing the reliability of reliability diagrams, Weather and Forecasting 22 (2007) 651–661",
    url: "https://doi.org/10.1175/WAF993.1",
  },
  {
    of: "ABROCA",
    citation:
      "J. Gardner, C. Brooks and R. Baker, Evaluating the fairness of predictive student models through slicing analysis, LAK 2019, 225–234",
    url: "https://doi.org/10.1145/3303772.3303791",
  },
  {
    of: "calibration against equal error rates",
    citation: "A. Chouldechova, Fair prediction with disparate impact, Big Data 5 (2017) 153–163",
    url: "https://doi.org/10.1089/big.2016.0047",
  },
  expectedCalibrationError.reference,
];
