import type { Operator } from "../operand.ts";
import { argMaxOperator } from "./arg-max.ts";
import { addOperator, divOperator, mulOperator, subOperator, sumOperator } from "./arithmetic.ts";
import { castOperator } from "./cast.ts";
import {
  equalOperator,
  greaterOperator,
  greaterOrEqualOperator,
  isNanOperator,
  lessOperator,
  lessOrEqualOperator,
  notOperator,
  whereOperator,
} from "./compare.ts";
import { concatOperator } from "./concat.ts";
import { constantOperator } from "./constant.ts";
import {
  absOperator,
  expOperator,
  negOperator,
  reluOperator,
  sigmoidOperator,
  sqrtOperator,
  tanhOperator,
} from "./elementwise.ts";
import { featureVectorizerOperator, labelEncoderOperator, oneHotEncoderOperator } from "./encode.ts";
import { gemmOperator, linearClassifierOperator, linearRegressorOperator, matMulOperator } from "./linear.ts";
import { arrayFeatureExtractorOperator, gatherOperator, sliceOperator } from "./pick-columns.ts";
import { reduceSumOperator } from "./reduce-sum.ts";
import {
  batchNormalizationOperator,
  binarizerOperator,
  imputerOperator,
  normalizerOperator,
  scalerOperator,
} from "./scale.ts";
import {
  dropoutOperator,
  flattenOperator,
  identityOperator,
  reshapeOperator,
  squeezeOperator,
  unsqueezeOperator,
} from "./shape.ts";
import { softmaxOperator } from "./softmax.ts";
import { treeEnsembleClassifierOperator, treeEnsembleOperator, treeEnsembleRegressorOperator } from "./trees.ts";
import { zipMapOperator } from "./zip-map.ts";

/** The operators that compile to columns and kernels; a graph with any other runs in ONNX Runtime. */
export const operators = [
  absOperator,
  addOperator,
  argMaxOperator,
  arrayFeatureExtractorOperator,
  batchNormalizationOperator,
  binarizerOperator,
  castOperator,
  concatOperator,
  constantOperator,
  divOperator,
  dropoutOperator,
  equalOperator,
  expOperator,
  featureVectorizerOperator,
  flattenOperator,
  gatherOperator,
  gemmOperator,
  greaterOperator,
  greaterOrEqualOperator,
  identityOperator,
  imputerOperator,
  isNanOperator,
  labelEncoderOperator,
  lessOperator,
  lessOrEqualOperator,
  linearClassifierOperator,
  linearRegressorOperator,
  matMulOperator,
  mulOperator,
  negOperator,
  normalizerOperator,
  notOperator,
  oneHotEncoderOperator,
  reduceSumOperator,
  reluOperator,
  reshapeOperator,
  scalerOperator,
  sigmoidOperator,
  sliceOperator,
  softmaxOperator,
  sqrtOperator,
  squeezeOperator,
  subOperator,
  sumOperator,
  tanhOperator,
  treeEnsembleOperator,
  treeEnsembleClassifierOperator,
  treeEnsembleRegressorOperator,
  unsqueezeOperator,
  whereOperator,
  zipMapOperator,
] as const satisfies readonly Operator[];

const byName: ReadonlyMap<string, Operator> = new Map(operators.map((one) => [`${one.domain}::${one.name}`, one]));

export function operatorOf(domain: string, name: string): Operator | null {
  return byName.get(`${domain}::${name}`) ?? null;
}
