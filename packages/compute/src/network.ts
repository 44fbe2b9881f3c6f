/** What follows a layer's sums. */
export const activations = ["identity", "logistic", "relu", "softmax", "tanh"] as const;
export type Activation = (typeof activations)[number];

/** One fully connected layer: out = activation(x · weights + bias). `softmax` only in the last. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** float32[inputs × outputs], the outputs of one input side by side. */
  readonly weights: Float32Array;
  /** float32[outputs]. */
  readonly bias: Float32Array;
  readonly activation: Activation;
}

/** A multilayer perceptron; each layer's inputs are the outputs of the one before. */
export type Network = readonly DenseLayer[];
