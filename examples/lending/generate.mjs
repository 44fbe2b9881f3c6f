// Makes lending.csv: 5,000 loan applications that no bank ever saw, the same on every machine.
//
// Whether a loan is repaid depends on income, debt and years in the job, and on nothing else: women and men with the
// same figures repay alike. The lender's score follows the same figures, except that it takes 0.6 log-odds from every
// woman. That is the injected bias; an audit should find it, and its size is known.
//
//   node examples/lending/generate.mjs
import { writeFileSync } from "node:fs";
import { exp, PhiloxStream } from "@assay/compute";

const applications = 5000;
const penalty = 0.6;
const approveFrom = 0.7;
const seed = 1974;

const stream = new PhiloxStream(seed, 0);
const logistic = (logOdds) => 1 / (1 + exp(-logOdds));
const regions = ["rural", "suburban", "urban"];

const lines = ["id,age,sex,region,income,debt_ratio,years_employed,score,approved,repaid"];
for (let index = 1; index <= applications; index++) {
  const sex = stream.uniform() < 0.5 ? "female" : "male";
  const age = 21 + stream.integer(50);
  const region = regions[stream.integer(3)];
  const income = Math.round(exp(10.6 + 0.45 * stream.normal()) / 100) * 100;
  const debtRatio = Math.min(0.95, Math.max(0, 0.32 + 0.16 * stream.normal()));
  const yearsEmployed = Math.min(age - 18, stream.integer(21));
  const logOdds = 1 + 0.9 * ((income - 42_000) / 20_000) - 3.5 * (debtRatio - 0.32) + 0.06 * (yearsEmployed - 8);
  const repaid = stream.uniform() < logistic(logOdds);
  const score = logistic(logOdds + 0.25 * stream.normal() - (sex === "female" ? penalty : 0));
  const shown = score.toFixed(3);
  lines.push(
    [
      `L${String(index).padStart(5, "0")}`,
      age,
      sex,
      region,
      income,
      debtRatio.toFixed(2),
      yearsEmployed,
      shown,
      Number(shown) >= approveFrom ? "yes" : "no",
      repaid ? "yes" : "no",
    ].join(","),
  );
}
writeFileSync(new URL("lending.csv", import.meta.url), `${lines.join("\n")}\n`);
