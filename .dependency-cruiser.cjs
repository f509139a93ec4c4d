/** The import table of ARCHITECTURE.md, as rules. Run by `npm run check`. */
const only = (name, from, allowed, { core = false } = {}) => ({
  name,
  severity: "error",
  comment: `${from} may import only ${allowed.join(", ")}${core ? " and Node's own modules" : ""}`,
  from: { path: from, pathNot: "\\.test\\.tsx?$" },
  to: { pathNot: allowed, ...(core ? { dependencyTypesNot: ["core"] } : {}) },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    only("contract", "^src/contract/", ["^src/contract/", "node_modules/typebox/"]),
    only("domain", "^src/domain/", [
      "^src/domain/",
      "^src/contract/",
      "node_modules/(moment-timezone|@types/moment-timezone)/",
    ]),
    only("ports", "^src/ports\\.ts$", ["^src/contract/"]),
    only("adapters", "^src/adapters/", ["^src/adapters/", "^src/ports\\.ts$", "^src/contract/", "node_modules/"], {
      core: true,
    }),
    {
      name: "services-know-no-adapters",
      severity: "error",
      comment:
        "a service gets its adapters by its ports; it may import the query builder, its types, the listener, and how to append to the log",
      from: { path: "^src/services/" },
      to: { path: "^src/adapters/", pathNot: "^src/adapters/(db/(database|listener|schema)|event-log/append)\\.ts$" },
    },
    {
      name: "services-know-no-other-service",
      severity: "error",
      from: { path: "^src/services/([^/]+)/" },
      to: { path: "^src/services/", pathNot: "^src/services/$1/" },
    },
    { name: "only-main-wires", severity: "error", from: { path: "^src/(?!main/)" }, to: { path: "^src/main/" } },
    only("web", "^web/src/", ["^web/src/", "^src/contract/", "^src/domain/", "node_modules/"]),
    {
      name: "features-keep-their-insides",
      severity: "error",
      comment: "a feature of the web app imports api/, time/ and ui/, never another feature",
      from: { path: "^web/src/(?!app/|api/|ui/)([^/]+)/" },
      to: { path: "^web/src/", pathNot: ["^web/src/(api|time|ui)/", "^web/src/$1/"] },
    },
    {
      name: "ui-knows-no-tasks",
      severity: "error",
      from: { path: "^web/src/ui/" },
      to: { path: "^(web/src/(?!ui/)|src/)" },
    },
    {
      name: "api-knows-no-screens",
      severity: "error",
      from: { path: "^web/src/api/" },
      to: { path: "^web/src/(?!api/)" },
    },
    {
      name: "no-tests-in-the-product",
      severity: "error",
      from: { path: "^(src|web/src)/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "(\\.test\\.tsx?$|^test/)" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    exclude: { path: "^(node_modules|web/dist|data)/" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js", ".mjs", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
