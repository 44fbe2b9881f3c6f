/** Rounds of ours, the peer and the limit in turn, so that a busy moment of the machine falls on all of them. */
const leastRounds = 3;
const mostRounds = 9;
const enoughMs = 6000;

/**
 * Measures one row: a first round that warms up and must agree, then rounds in turn; seconds are medians.
 * @param {import("@assay/compute").Bench} bench
 */
export async function measure(bench) {
  const { ours, peer, limit, agree, stop, notes } = await bench.prepare();
  agree(await ours(), await peer.run());
  limit?.run();

  const times = { ours: [], peer: [], limit: [] };
  const begun = performance.now();
  for (let round = 0; round < mostRounds; round++) {
    if (round >= leastRounds && performance.now() - begun > enoughMs) break;
    times.ours.push(await seconds(ours));
    times.peer.push((await seconds(peer.run)) * peer.scale);
    if (limit) times.limit.push(await seconds(limit.run));
  }
  stop?.();
  const [oursSeconds, peerSeconds] = [median(times.ours), median(times.peer)];
  return {
    name: bench.name,
    oursSeconds,
    peer: peer.name,
    peerSeconds,
    ratio: peerSeconds / oursSeconds,
    limit: limit ? { name: limit.name, seconds: median(times.limit) } : null,
    rounds: times.ours.length,
    notes,
  };
}

async function seconds(work) {
  const start = performance.now();
  const done = await work();
  return done?.ownSeconds ?? (performance.now() - start) / 1000;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
}
