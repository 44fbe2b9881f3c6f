// The first levels of a tree, up to four, for all rows of a tile: every node of them is compared with every row, which
// takes fewer instructions than going from node to node.

/** Bytes from the outcomes of a node to those of the next. */
const stride: usize = 256;

/**
 * masks: u8[nodes][256]: 255 where the row's key exceeds the node's threshold. nodes: {i32 threshold, u32 bytes from the
 * tile's start to its column}. rows: a multiple of 32.
 */
@inline function compare(tile: usize, nodes: usize, count: u32, rows: u32, masks: usize): void {
  const end = nodes + (<usize>count << 3);
  for (let node = nodes; node < end; node += 8) {
    const threshold = v128.load32_splat(node);
    let at = tile + <usize>load<u32>(node, 4);
    let mask = masks;
    for (const last = masks + rows; mask < last; mask += 32, at += 128) {
      v128.store(
        mask,
        i8x16.narrow_i16x8_s(
          i16x8.narrow_i32x4_s(i32x4.gt_s(v128.load(at), threshold), i32x4.gt_s(v128.load(at, 16), threshold)),
          i16x8.narrow_i32x4_s(i32x4.gt_s(v128.load(at, 32), threshold), i32x4.gt_s(v128.load(at, 48), threshold)),
        ),
      );
      v128.store(
        mask,
        i8x16.narrow_i16x8_s(
          i16x8.narrow_i32x4_s(i32x4.gt_s(v128.load(at, 64), threshold), i32x4.gt_s(v128.load(at, 80), threshold)),
          i16x8.narrow_i32x4_s(i32x4.gt_s(v128.load(at, 96), threshold), i32x4.gt_s(v128.load(at, 112), threshold)),
        ),
        16,
      );
    }
    masks += stride;
  }
}

/** The outcome of node `high` where the way went to the high side, else of `low`. */
@inline function choose(mask: usize, low: usize, high: usize, way: v128): v128 {
  return v128.bitselect(v128.load(mask + high * stride), v128.load(mask + low * stride), way);
}

@inline function outcome1(mask: usize, way0: v128): v128 {
  return choose(mask, 1, 2, way0);
}

@inline function outcome2(mask: usize, way0: v128, way1: v128): v128 {
  return v128.bitselect(choose(mask, 5, 6, way1), choose(mask, 3, 4, way1), way0);
}

@inline function outcome3(mask: usize, way0: v128, way1: v128, way2: v128): v128 {
  const low = v128.bitselect(choose(mask, 9, 10, way2), choose(mask, 7, 8, way2), way1);
  const high = v128.bitselect(choose(mask, 13, 14, way2), choose(mask, 11, 12, way2), way1);
  return v128.bitselect(high, low, way0);
}

@inline function twice(index: v128, way: v128): v128 {
  return i8x16.add(i8x16.add(index, index), way);
}

/**
 * places: u8[rows]: where each row comes out below the first `levels` levels (0 to 4), from the low side.
 * masks: scratch of 15 * 256 bytes.
 */
export function descendTop(tile: usize, nodes: usize, levels: u32, rows: u32, masks: usize, places: usize): void {
  if (levels == 0) {
    for (let row: usize = 0; row < <usize>rows; row += 16) v128.store(places + row, i8x16.splat(0));
    return;
  }
  compare(tile, nodes, (1 << levels) - 1, rows, masks);
  const end = places + rows;
  let mask = masks;
  let place = places;
  if (levels == 1) {
    for (; place < end; place += 16, mask += 16) v128.store(place, i8x16.neg(v128.load(mask)));
  } else if (levels == 2) {
    for (; place < end; place += 16, mask += 16) {
      const way0 = v128.load(mask);
      v128.store(place, i8x16.neg(twice(way0, outcome1(mask, way0))));
    }
  } else if (levels == 3) {
    for (; place < end; place += 16, mask += 16) {
      const way0 = v128.load(mask);
      const way1 = outcome1(mask, way0);
      const way2 = outcome2(mask, way0, way1);
      v128.store(place, i8x16.neg(twice(twice(way0, way1), way2)));
    }
  } else {
    for (; place < end; place += 16, mask += 16) {
      const way0 = v128.load(mask);
      const way1 = outcome1(mask, way0);
      const way2 = outcome2(mask, way0, way1);
      const way3 = outcome3(mask, way0, way1, way2);
      v128.store(place, i8x16.neg(twice(twice(twice(way0, way1), way2), way3)));
    }
  }
}
