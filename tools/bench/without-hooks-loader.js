// Loads modules with their hooks cut out, where it is told to, and as they are otherwise.
import { modulesWithHooks, withoutHooks } from "./without-hooks.js";

const root = new URL("../../", import.meta.url).href;
let isCutting = false;

export const initialize = ({ cut }) => {
  isCutting = cut;
};

export const load = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  const module = url.startsWith(root) ? url.slice(root.length) : url;
  if (!isCutting || !modulesWithHooks.includes(module)) return loaded;
  return { ...loaded, source: withoutHooks(module, loaded.source.toString()) };
};
