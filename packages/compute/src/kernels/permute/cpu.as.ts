import { hypergeometric } from "../../random/hypergeometric.as";
import { start } from "../../random/philox.as";

/**
 * margins: f64[rows + columns], row margins first; scratch: f64[columns]; out: u32[replicates * rows * columns].
 * Replicates first, first + 1, ...
 */
export function permute(
  margins: usize,
  rows: u32,
  columns: u32,
  scratch: usize,
  out: usize,
  first: u32,
  replicates: u32,
  seed: f64,
  stream: f64,
): void {
  const columnMargins = margins + (<usize>rows << 3);
  let total: f64 = 0;
  for (let row: u32 = 0; row < rows; row++) total += load<f64>(margins + (<usize>row << 3));
  for (let replicate: u32 = 0; replicate < replicates; replicate++) {
    start(seed, stream, first + replicate);
    memory.copy(scratch, columnMargins, <usize>columns << 3);
    let left = total;
    for (let row: u32 = 0; row < rows; row++) {
      const size = load<f64>(margins + (<usize>row << 3));
      let need = size;
      let rest = left;
      for (let column: u32 = 0; column < columns; column++) {
        const at = scratch + (<usize>column << 3);
        const count = load<f64>(at);
        rest -= count;
        const drawn = hypergeometric(count, rest, need);
        store<u32>(out, <u32>drawn);
        out += 4;
        store<f64>(at, count - drawn);
        need -= drawn;
      }
      left -= size;
    }
  }
}
