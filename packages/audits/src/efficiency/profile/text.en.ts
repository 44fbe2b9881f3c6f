import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Profile",
  question: "What does a row of the model cost, and where?",
  method:
    "Nothing runs: the numbers are facts of the model's file, the same on every machine. Shapes are followed through the graph for one row, and every layer's work is counted from the definition of its operator. Multiply-accumulates are those of matrix products, convolutions and recurrent layers; floating-point operations are two for each of them, and one for each element-wise sum, product, comparison or function (an exponential counts as one). Of tree ensembles the tests of nodes on a row's way are counted: the mean over the rows that the file says came to each leaf (or over leaves alike), and the most. Parameters are learned numbers: weights, biases, thresholds, leaf values. Peak activation memory is the most that inputs and outputs of layers take at one time. Arithmetic intensity is operations for each byte of weights, inputs and outputs, for one row at a time. A layer whose operator or shape is not known is named, and the totals it would enter are left open.",
  reading:
    "Multiply-accumulates tell what arithmetic a row needs, bytes what memory. The figure shows which layers make most of the work: to make a model cheaper, change those. A low intensity (under some ten operations a byte) means that memory, and not arithmetic, decides the speed, unless rows come in batches.",
  action:
    "Compare with what the place of use has: cache, memory, what a browser or a phone takes. Put a rule on parameters, size-bytes or multiply-accumulates where a version must not outgrow its place. Take the heaviest layers to those who build the model: smaller layers, fewer or shallower trees, quantised weights.",
  limits:
    "A count is no time: see the latency audit for that. Runtimes fuse layers and skip padding, so that fewer bytes move than are counted here. Texts have no fixed size and are not counted as bytes. Work on whole numbers, lookups of encoders and moves of data count as no floating-point operations.",
  settings: {},
};
