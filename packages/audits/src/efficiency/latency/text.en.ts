import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Latency",
  question: "How long does the model take to answer on this machine?",
  method:
    "The model is called again and again with the first rows of the data, one call after another: each call begins with the inputs as columns and ends with the answers, as in a service. Every batch size has its time, in nine visits with the others between them, so that a slow moment of the machine falls on all. The first call is told by itself; the first visit, in which code is still being compiled, and calls of the others before their pace is steady (the first block of calls whose median, and the next one's, lie within a tenth of the median of the second half) are warm-up, told and not counted. Of all other calls, the slowest too, the median and the 95 and 99 % quantiles are told with intervals between order statistics, exact by the binomial distribution. Calls that follow each other are alike, so the interval is that of as many independent calls as 20 batches of the series show, and never narrower than where the quantiles of five further visits would lie together, as far as the eight visits differ by more than their calls explain: a machine whose pace changes is in another state in the next run too, and the interval is to hold for five runs. The roofline compares the rows in a second with what a short trial of the device reaches in multiply-accumulates and in bytes.",
  reading:
    "Latency is what one caller waits; rows a second is what the machine does in all. A 99 % quantile far above the median means that some callers wait much longer. A quantile without a number had too few calls to bound it. The numbers belong to this machine and this moment: the report's digest does not cover them, and verifying a report does not repeat them.",
  action:
    "Put a rule on latency-ms or latency-p95-ms (for the first batch size) where an answer is waited for, and run it on the machine that will serve. Choose the batch size where rows a second stop rising. If the first call is slow, call the model once when the service starts.",
  limits:
    "Another machine, or this one under other load, gives other numbers. The intervals tell what other calls at this time would give; they cannot tell what another hour brings. Network, queues and other requests at the same time are not in it. Rows are always the same, which is kind to caches. The trial behind the roofline runs on our own kernels and copies bytes to the device and back: it is what was reached here, not what the maker states.",
  settings: {
    batches: {
      label: "Batch sizes",
      help: "Rows of a call, such as [1, 16, 256, 4096]. Rules speak of the first.",
    },
    confidence: { label: "Confidence", help: "Level of every interval: 0.95 covers the true value 95 times in 100." },
    devices: {
      label: "Devices",
      help: "cpu, webgpu, cuda: those to measure on. Empty: the one that the run is on. One that is not there is told.",
    },
    roofline: { label: "Roofline", help: "Also try what the device can do, and compare. Networks only." },
    seconds: { label: "Seconds", help: "For each batch size on each device." },
  },
};
