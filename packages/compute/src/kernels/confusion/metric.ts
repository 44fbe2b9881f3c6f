/** Functions of a whole confusion table; the number is what kernels are called with. */
export const confusionMetrics = { "balanced-accuracy": 0, "cohen-kappa": 1, mcc: 2 } as const;

export type ConfusionMetric = keyof typeof confusionMetrics;
