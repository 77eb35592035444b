// Module hooks: what is imported as `…?subject=NAME` gets every module of ours that it stands on for itself, so that
// several subjects live in one process and share no compiled code. The subject `without` has its hooks cut out.
import { modulesWithHooks, withoutHooks } from "./without-hooks.js";

const root = new URL("../../", import.meta.url).href;

const subjectOf = (url) => url && new URL(url).searchParams.get("subject");

export const resolve = async (specifier, context, nextResolve) => {
  const resolved = await nextResolve(specifier, context);
  const subject = subjectOf(context.parentURL);
  const isOurs = resolved.url.startsWith(`${root}packages/`) && !resolved.url.includes("/node_modules/");
  return subject && isOurs ? { ...resolved, url: `${resolved.url}?subject=${subject}` } : resolved;
};

export const load = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  const module = new URL(url).pathname.slice(new URL(root).pathname.length);
  if (subjectOf(url) !== "without" || !modulesWithHooks.includes(module)) return loaded;
  return { ...loaded, source: withoutHooks(module, loaded.source.toString()) };
};
