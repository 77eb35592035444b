// `node --import …/tools/run-sources.js` runs the sources of this repository, not what has been built.
import { register } from "node:module";

register("./source-hooks.js", import.meta.url);
