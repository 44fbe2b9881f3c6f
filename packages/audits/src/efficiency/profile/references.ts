import type { Reference } from "../../define.ts";

export const references: readonly Reference[] = [
  {
    of: "arithmetic intensity",
    citation: "S. Williams, A. Waterman and D. Patterson, Communications of the ACM 52 (2009) 65–76",
    url: "https://doi.org/10.1145/1498765.1498785",
  },
  {
    of: "multiply-accumulates and bytes of layers",
    citation:
      "V. Sze, Y.-H. Chen, T.-J. Yang and J. S. Emer, Proceedings of the IEEE 105 (2017) 2295–2329, sections III and IV",
    url: "https://doi.org/10.1109/JPROC.2017.2761740",
  },
  {
    of: "what operators compute and the shapes that they give",
    citation: "ONNX operator schemas, ai.onnx and ai.onnx.ml",
    url: "https://onnx.ai/onnx/operators/",
  },
  {
    of: "limits of a browser's buffers",
    citation: "W3C, WebGPU, section 3.6.2 (limits)",
    url: "https://www.w3.org/TR/webgpu/#limits",
  },
];
