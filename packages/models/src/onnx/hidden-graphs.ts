import { modelError } from "../model-error.ts";
import type { Graph } from "./graph.ts";
import { FieldReader, type Span } from "./proto/wire.ts";
import { isTreeNode } from "./trees/read-trees.ts";

/**
 * Looks into the graphs inside nodes (If, Scan) and into functions of the file: ONNX Runtime would run them unchecked. Trees
 * there and loops, which may have no end, are refused: native code cannot be stopped.
 * @throws AssayError not-supported, naming the operator
 */
export function checkHidden(graph: Graph): void {
  const { bytes } = graph.proto;
  const refuse = (what: string, where: string) =>
    modelError(graph.file, where, `${what} not supported`, "not-supported");
  const nodes: { span: Span; where: string }[] = graph.nodes.map((node) => ({
    span: content(bytes, node.proto.span),
    where: node.place,
  }));
  for (const field of graph.proto.otherFields) {
    const reader = new FieldReader(bytes, field);
    if (!reader.next() || reader.field !== 25) continue;
    const inner = new FieldReader(bytes, reader.span());
    while (inner.next()) if (inner.field === 7) nodes.push({ span: inner.span(), where: "a function of the file" });
  }
  const top = new Set(nodes.slice(0, graph.nodes.length));
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    let operator = "";
    let domain = "";
    const graphs: Span[] = [];
    const reader = new FieldReader(bytes, node.span);
    while (reader.next()) {
      if (reader.field === 4) operator = reader.text();
      else if (reader.field === 7) domain = reader.text();
      else if (reader.field === 5) {
        const attribute = new FieldReader(bytes, reader.span());
        while (attribute.next()) if (attribute.field === 6 || attribute.field === 11) graphs.push(attribute.span());
      }
    }
    if (operator === "Loop") throw refuse("loops, which may have no end, are", node.where);
    if (!top.has(node) && isTreeNode(domain, operator)) throw refuse(`${operator} in a graph inside it is`, node.where);
    for (const inside of graphs) {
      const inner = new FieldReader(bytes, inside);
      while (inner.next()) if (inner.field === 1) nodes.push({ span: inner.span(), where: node.where });
    }
  }
}

/** A field's content, without its key. */
function content(bytes: Uint8Array, whole: Span): Span {
  const reader = new FieldReader(bytes, whole);
  return reader.next() ? reader.span() : whole;
}
