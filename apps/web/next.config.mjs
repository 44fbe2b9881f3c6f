import createNextIntlPlugin from "next-intl/plugin";

/** @type {import("next").NextConfig} */
const config = {
  agentRules: false,
  poweredByHeader: false,
  reactStrictMode: true,
  // Drawn on the server only: they stay out of every bundle.
  serverExternalPackages: ["@observablehq/plot", "linkedom"],
  turbopack: {
    root: new URL("../..", import.meta.url).pathname,
    // Figures of reports that only a tab has are drawn there: linkedom's one file for workers asks for no package of Node.
    resolveAlias: { linkedom: { browser: "linkedom/worker" } },
    // Packages that compute loads in Node alone, by a name that no bundler shall follow.
    ignoreIssue: [{ path: /packages\/compute\/dist\/devices\//, title: /Module not found/ }],
  },
  // Types are checked by `npm run typecheck`, once, not again in every build.
  typescript: { ignoreBuildErrors: true },
};

export default createNextIntlPlugin("./src/i18n/request.ts")(config);
