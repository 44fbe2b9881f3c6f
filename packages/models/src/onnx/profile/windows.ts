import type { GraphNode } from "../graph.ts";
import { NotProfiled } from "./known.ts";

/** The sides of what a window of `sides`, moved over `space`, gives: of convolutions and pools. @throws NotProfiled */
export function windowed(node: GraphNode, space: readonly number[], sides: readonly number[]): readonly number[] {
  const [strides, dilations, pads] = [node.ints("strides"), node.ints("dilations"), node.ints("pads")];
  const auto = node.text("auto_pad") ?? "NOTSET";
  const round = node.int("ceil_mode") === 1 ? Math.ceil : Math.floor;
  return space.map((size, axis) => {
    const stride = strides[axis] ?? 1;
    if (auto === "SAME_UPPER" || auto === "SAME_LOWER") return Math.ceil(size / stride);
    const reach = ((sides[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
    const padded = auto === "VALID" ? 0 : (pads[axis] ?? 0) + (pads[space.length + axis] ?? 0);
    const places = round((size + padded - reach) / stride) + 1;
    if (!(places >= 1)) throw new NotProfiled(`its window of ${reach} does not fit ${size} and ${padded} of padding`);
    return places;
  });
}
