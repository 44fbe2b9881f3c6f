import { type Alias, type Document, isAlias, isNode, type Node, visit } from "yaml";

/**
 * What each alias of a document stands for: the nearest anchor of its name before it. The parser's own `resolve` walks the whole
 * document for every one.
 */
export function aliasTargets(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, (_, node) => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) targets.set(node, target);
    } else if (isNode(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
  });
  return targets;
}
