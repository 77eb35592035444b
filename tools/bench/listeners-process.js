// The client of cost-process.js, with or without the code of hooks. Every subject is loaded this way, so that they differ
// in nothing else.
import { register } from "node:module";
import { settingsOfChild } from "./child.js";

const { hooks } = settingsOfChild();
register("./without-hooks-loader.js", import.meta.url, { data: { cut: hooks === "cut" } });
await import("./cost-process.js");
