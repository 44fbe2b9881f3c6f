import { ok } from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { type Bench, PhiloxStream } from "@assay/compute";
import { tensorFlow } from "../../node/tensorflow.ts";
import { trainNetwork } from "./train-network.ts";

const rows = 10_000;
const inputs = 784;

/** The same network, optimiser and batch in PyTorch: an epoch for each line it is sent. */
const script = `
import sys, torch
torch.set_num_threads(1)
torch.manual_seed(1)
x, y = torch.rand(${rows}, ${inputs}), torch.randint(0, 10, (${rows},))
print("ready", torch.__version__, flush=True)
for line in sys.stdin:
    net = torch.nn.Sequential(torch.nn.Linear(${inputs}, 128), torch.nn.ReLU(), torch.nn.Linear(128, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)
    order, total = torch.randperm(${rows}), 0.0
    for start in range(0, ${rows}, 32):
        own = order[start:start + 32]
        loss = torch.nn.functional.cross_entropy(net(x[own]), y[own])
        adam.zero_grad(); loss.backward(); adam.step()
        total += loss.item() * len(own)
    print("loss", total / ${rows}, flush=True)
`;

export const benches: readonly Bench[] = [
  {
    name: "training: an epoch of 784-128-64-10, 10,000 rows, batches of 32",
    async prepare() {
      const random = new PhiloxStream(1, 0);
      const values = Float32Array.from({ length: rows * inputs }, () => random.uniform());
      const labels = Uint8Array.from({ length: rows }, () => random.integer(10));
      const torch = await startTorch();
      return {
        ours: async () => {
          const { losses } = await trainNetwork(
            { matrix: { values, inputs }, labels, classes: 10, layers: [128, 64], epochs: 1, seed: 1 },
            tensorFlow(),
          );
          return losses[0];
        },
        peer: {
          name: torch === null ? "PyTorch, which is not at hand: not measured" : `${torch.name}, one thread`,
          scale: torch === null ? Number.NaN : 1,
          run: () => torch?.epoch(),
        },
        limit: null,
        agree(ours, peer) {
          // Labels are drawn: both learn next to nothing, and lose about log 10.
          ok(Math.abs(Number(ours) - Math.log(10)) < 0.1);
          if (torch !== null) ok(Math.abs(Number(ours) - Number(peer)) < 0.05);
        },
        notes: "Adam on cross-entropy; TensorFlow.js on WebAssembly, one thread, 128-bit SIMD",
      };
    },
  },
];

/** Python with PyTorch, started; null where this machine has none. */
async function startTorch(): Promise<{ readonly name: string; epoch(): Promise<number> } | null> {
  for (const python of ["python3", "/usr/bin/python3"]) {
    const child = spawn(python, ["-c", script], { stdio: ["pipe", "pipe", "ignore"] });
    const lines = createInterface({ input: child.stdout });
    const first = await firstLine(child, lines);
    if (!first?.startsWith("ready")) continue;
    child.unref();
    return {
      name: `PyTorch ${first.split(" ")[1]}`,
      epoch: async () => {
        const answer = new Promise<string>((resolve) => lines.once("line", resolve));
        child.stdin.write("epoch\n");
        return Number((await answer).split(" ")[1]);
      },
    };
  }
  return null;
}

function firstLine(child: ChildProcess, lines: Interface): Promise<string | null> {
  return new Promise((resolve) => {
    lines.once("line", resolve);
    child.once("error", () => resolve(null));
    child.once("exit", () => resolve(null));
  });
}
