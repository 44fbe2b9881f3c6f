/** Days of the baseline, and of what came later. */
const days = { november: "2026-11", december: "2026-12" } as const;

/** 400 decisions a month, half of them about women: three quarters are granted, of women in December one quarter. */
export function growingLoans(months: readonly (keyof typeof days)[]): string {
  const rows = months.flatMap((month) =>
    Array.from({ length: 400 }, (_, row) => {
      const sex = row % 2 === 0 ? "F" : "M";
      const turn = Math.floor(row / 2) % 4;
      const isGranted = month === "december" && sex === "F" ? turn === 0 : turn !== 0;
      return `${days[month]}-${String(1 + Math.floor(row / 16)).padStart(2, "0")},${sex},${isGranted ? 1 : 0}`;
    }),
  );
  return ["day,sex,granted", ...rows, ""].join("\n");
}

/** An alarm of drift fails the check. */
export const growingPlan = `version: 1
project: loans
data: { file: loans.csv }
columns: { decision: granted, positive: 1, protected: [sex], time: day }
audits: { fairness.drift: {} }
rules: [{ metric: drift-alarms, at_most: 0 }]
`;
