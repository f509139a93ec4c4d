// npm run build: the web app, when its sources changed since the last build.
import { buildWeb, installPackages } from "./bootstrap.mjs";

await installPackages();
await buildWeb();
