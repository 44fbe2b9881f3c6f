import type { AuditText } from "../../define.ts";
import { leastInBin, mostMissingPrinted, mostPrinted, mostProxied } from "./limits.ts";

export const en: AuditText = {
  name: "Representation",
  question:
    "Is the data set fair before any model: who is in it, whose labels are positive, whether labels of alike people agree, whose values are missing, and what stands in for a protected column?",
  method:
    "Rows are counted by every combination of protected values. Shares of groups, among rows whose group is known, have Goodman's intervals, which hold for all groups at once. Where the settings give a population, each group's share is divided by the population's, and the representation distance tells how many rows would have to be of another group; its interval follows from those of the shares. Pearson's test says whether the rows may be a draw from the population: by χ² where at least 5 rows are expected of every group, else by simulated draws; adjusted by Holm. Base rates are those of the group metrics, with the same intervals and permutation test. Missing values of the label and the features are compared over groups by Pearson's test (χ², or permutations where fewer than 5 rows are expected), adjusted by Holm. Labels: each is compared with those of the `k` people nearest by the features (numbers less their mean over their standard deviation, texts one-hot, protected columns left out), found exactly; the agreement is averaged over each group, with a jackknife that counts what each person does to those whose neighbour they are. Of people with twins, alike in every feature, the share of twins with the other label is given, its interval taken over sets of twins. Proxies: features are put into bins, and their mutual information with the protected column is given as a share of the column's entropy, less Miller and Madow's bias, with an interval that reaches 0 where chance may do as much; tests are adjusted by Benjamini–Hochberg. The strongest feature has an interval at a level divided over the features. Where a test does not reject that there is nothing, the interval of the same number holds 0 too, and its method says so.",
  reading:
    "A representation ratio of 0.8 means that a group has four fifths of the rows that its share of the population would give it. A base rate is no verdict: labels may differ between groups because lives do, or because those who labelled did. Labels that agree less in one group than in others hold more noise there, or the features tell less of it, or its base rate lies nearer to a half: these cannot be told apart without labels given a second time. A feature that takes away 100 % of the uncertainty tells everyone's group; at 10 % a model can already treat groups differently without the column.",
  action:
    "Collect rows of under-represented groups, or weigh those there are; ask what keeps a group out. Where base rates part, ask who gave the labels. Where values are missing more often for one group, mend the collection before filling gaps. Leaving out a protected column does not help where others give it away: audit the decisions by it all the same.",
  limits: `Without a population only shares are told, and whether they are right is not judged; crossed columns are not compared with a population. Groups that the population does not name stand outside the comparison. Features are looked at one by one: several may together tell what none tells alone. Texts have a bin for each frequent value of at least ${leastInBin} rows and one for the rest, so that names and numbers of persons tell nothing here. Bins lose some of what a number tells. Columns of more than ${mostProxied} groups have no proxies; ${mostPrinted} groups of a grouping and ${mostMissingPrinted} missing shares of a column are printed, all enter the tests. Weights enter shares and base rates; missing values, labels' agreement and proxies count rows. Whether a label is right is not looked at, only whether alike people have the same; labels of more than two classes are compared as positive or not. More people than \`neighbours\` and \`asked\` are drawn by the seed.`,
  settings: {
    asked: { label: "Labels compared", help: "At most; more are drawn by the seed." },
    bins: { label: "Bins", help: "Most bins of a number feature when proxies are looked for." },
    confidence: { label: "Confidence", help: "Level of every interval, and of the claims: 0.95 is usual." },
    k: { label: "Neighbours of a label", help: "5 is usual." },
    levels: { label: "Values of a text", help: "Most values of a text feature that have a bin of their own." },
    min_count: {
      label: "Fewest people in a group",
      help: "Smaller groups are printed but stand outside differences; 0 compares all groups.",
    },
    neighbours: { label: "People who may be neighbours", help: "At most; more are drawn by the seed." },
    population: {
      label: "Population",
      help: "Shares of the population by column and group, such as sex: {F: 0.51, M: 0.49}; those of a column add up to 1.",
      example: "{ sex: { F: 0.51, M: 0.49 } }",
    },
    replicates: { label: "Replicates", help: "Draws of each test that is not exact." },
  },
};
