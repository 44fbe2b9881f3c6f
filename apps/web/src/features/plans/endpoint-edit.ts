import { type Document, isMap, isScalar, YAMLMap } from "yaml";

/** What the form shows of an endpoint, in the spelling of the file; empty: not given. */
export interface EndpointView {
  readonly url: string;
  /** The first header. */
  readonly header: string;
  readonly headerValue: string;
  readonly requestRows: string;
  readonly requestAs: string;
  readonly responseRows: string;
  readonly score: string;
  readonly label: string;
  readonly batch: string;
  readonly perSecond: string;
}

export type EndpointField = keyof EndpointView;

const at = ["model", "endpoint"] as const;

/** Where each field stands under `model.endpoint`; headers are a pair of name and value. */
const places = {
  url: ["url"],
  requestRows: ["request", "rows"],
  requestAs: ["request", "as"],
  responseRows: ["response", "rows"],
  score: ["response", "score"],
  label: ["response", "label"],
  batch: ["batch"],
  perSecond: ["per_second"],
} as const satisfies Partial<Record<EndpointField, readonly string[]>>;

/** The plan's endpoint; null where it has none. */
export function readEndpoint(document: Document): EndpointView | null {
  const node = document.getIn(at, true);
  if (node === undefined) return null;
  const text = (path: readonly string[]): string => scalarText(document.getIn([...at, ...path], true));
  const headers = document.getIn([...at, "headers"], true);
  const [first] = isMap(headers) ? headers.items : [];
  return {
    url: text(places.url),
    header: scalarText(first?.key),
    headerValue: scalarText(first?.value),
    requestRows: text(places.requestRows),
    requestAs: text(places.requestAs),
    responseRows: text(places.responseRows),
    score: text(places.score),
    label: text(places.label),
    batch: text(places.batch),
    perSecond: text(places.perSecond),
  };
}

/** Puts an endpoint in the place of the plan's model. */
export function chooseEndpoint(document: Document, url: string): void {
  if (document.hasIn(["model", "file"])) document.deleteIn(["model", "file"]);
  const model = document.get("model", true);
  // Many settings, one below the other.
  if (isMap(model)) model.flow = false;
  document.setIn([...at, "url"], url);
}

/** Writes one field; what is empty is taken away, and an answer keeps a place where its score or label stands. */
export function setEndpointField(document: Document, field: EndpointField, value: string): void {
  if (field === "header" || field === "headerValue") {
    setHeader(document, field, value);
    return;
  }
  const path = [...at, ...places[field]];
  const isNumber = field === "batch" || field === "perSecond";
  if (value !== "" || field === "url") {
    document.setIn(path, isNumber && Number.isFinite(Number(value)) ? Number(value) : value);
  } else if (document.hasIn(path)) document.deleteIn(path);
  const parent = path.slice(0, -1);
  if (parent.length === at.length) return;
  const node = document.getIn(parent, true);
  if (isMap(node) && node.items.length === 0) document.deleteIn(parent);
  // An answer with a place of its own for rows, and none for what stands in them, is the row itself.
  if (
    isMap(node) &&
    parent.at(-1) === "response" &&
    node.items.length > 0 &&
    !node.has("score") &&
    !node.has("label")
  ) {
    document.setIn([...parent, "score"], "");
  }
}

function setHeader(document: Document, field: "header" | "headerValue", value: string): void {
  const path = [...at, "headers"];
  const node = document.getIn(path, true);
  const [first, ...others] = isMap(node) ? node.items : [];
  const name = field === "header" ? value : scalarText(first?.key) || "authorization";
  const content = field === "headerValue" ? value : scalarText(first?.value);
  if ((name === "" || (field === "headerValue" && value === "")) && others.length === 0) {
    if (document.hasIn(path)) document.deleteIn(path);
    return;
  }
  const map = new YAMLMap();
  if (name !== "" && !(field === "headerValue" && value === "")) {
    map.set(name, document.createNode(content));
  }
  for (const pair of others) map.items.push(pair);
  document.setIn(path, map);
}

function scalarText(node: unknown): string {
  if (isScalar(node)) return node.value === null ? "" : String(node.source ?? node.value);
  return typeof node === "string" || typeof node === "number" ? String(node) : "";
}
