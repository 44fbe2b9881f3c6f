/** Where a click leads within the product and away from this page; null where it does not, or opens a tab of its own. */
export function linkOf(event: MouseEvent): string | null {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || link.target === "_blank" || link.hasAttribute("download")) return null;
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const to = new URL(link.href, location.href);
  // Another site unloads the page, which asks by itself.
  if (to.origin !== location.origin || (to.pathname === location.pathname && to.search === location.search))
    return null;
  return to.pathname + to.search + to.hash;
}
