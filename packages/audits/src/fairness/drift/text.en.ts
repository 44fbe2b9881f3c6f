import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Drift",
  question: "Have decisions or scores changed for any group since the baseline, and have gaps between groups changed?",
  method:
    "Rows are counted by period, protected group, decision and label; tomorrow's rows add to these counts. Selection rate, and where there is a label true- and false-positive rate and positive predictive value, are compared between the baseline and all that came later, for all rows and for each group. Of every candidate rate the baseline has Clopper and Pearson's exact p value, and later rows an e-process: a mixture of beta-binomial likelihoods over that of the candidate, held against the baseline from several fixed starts on. By Ville's inequality the resulting p value holds at all looks together: one may look every day, and for ever. Gaps are those of each group to the reference group, else to the largest: they are compared period by period, so that what rises or falls for both alike is no change of a gap, by an asymptotic confidence sequence (normal mixture). Where the plan has a score, its mean is watched too, of each group and as a gap, by the same asymptotic confidence sequence, and its whole distribution: over bins of quantiles of the group's own baseline (ten from 500 rows on, fewer of fewer), a Dirichlet mixture over the candidate shares' multinomial likelihood is the e-process and the baseline's likelihood ratio its p value. The population stability index (PSI) tells the size of that change, with a large-sample interval from the noncentral chi-squared law, stretched where the delta method tells of more spread. Adjusted p values count all tests together (Holm).",
  reading:
    "An alarm says that a rate, or a gap between two groups, is no longer that of the baseline. The intervals of the changes hold at all looks together, and so are wider than those of one look. A change may be an alarm while its interval still holds 0: the p value remembers the look at which evidence was strongest, the interval speaks of all later rows. The interval of the PSI is that of one look; its p value holds at all. The index is above 0 by chance alone, by about (bins − 1)(1/n + 1/m): the corrected one is less by that. That 0.1 is small and 0.25 large is custom of credit scoring and no test.",
  action:
    "Where a gap widened, find out what changed for that group before further decisions are made: who applies, how data are taken, the model, its threshold. Then audit the newest period alone with group metrics. Where the change was meant, set a new baseline.",
  limits:
    "The false-alarm rate holds where rows are independent: the same people again, or days that differ among themselves by season or batch, count as change. For rates it is exact at any size, for gaps and scores it holds in large samples; how often they alarm in simulations is on the page drift-alarms. Scores of a group count from 30 later rows on, and every row with a score counts, whether its label is known or not. No alarm is no proof that nothing changed. Labels come late: the newest periods may lack those that take longest, which looks like change. Rows are counted, not weighed; columns are watched one by one, not crossed, the 30 largest groups of each. Times are taken as they are written, without regard to time zones. Changing the baseline or the period after looking gives up the guarantee.",
  settings: {
    baseline_periods: {
      label: "Periods in the baseline",
      help: "So many first periods are the baseline, where no day is given that ends it.",
    },
    baseline_until: {
      label: "Baseline ends",
      help: "A day such as 2026-06-30: the period that holds it is the baseline's last. Empty: by the number of periods.",
    },
    confidence: {
      label: "Confidence",
      help: "1 less this is the chance of any false alarm, over all looks, groups and rates; also the level of every interval.",
    },
    min_count: {
      label: "Fewest rows in a group's baseline",
      help: "Groups of fewer rows are printed but not tested; 0 tests all.",
    },
    period: { label: "Period", help: "Rows are told by day, ISO week, month, quarter or year." },
  },
};
