import { invalidArgument } from "./errors.js";

/** Which members of an answer the `fields` parameter asks for; `true` is a member with everything in it. */
type Mask = ReadonlyMap<string, Mask> | true;
type WritableMask = Map<string, WritableMask | true>;

const malformed = () =>
  invalidArgument("Request contains an invalid argument: the field mask cannot be parsed.");

const include = (mask: WritableMask, path: readonly string[], below: WritableMask | true): WritableMask => {
  const [head = "", ...rest] = path;
  if (head === "") throw malformed();
  const known = mask.get(head);
  if (rest.length > 0) {
    if (known !== true) mask.set(head, include(known ?? new Map<string, WritableMask | true>(), rest, below));
  } else if (known === true || known === undefined || below === true) {
    mask.set(head, known === true ? true : below);
  } else {
    for (const [name, member] of below) include(known, [name], member);
  }
  return mask;
};

/** `a,b(c,d),e/f`, as https://cloud.google.com/apis/docs/system-parameters describes partial responses. */
export const parseFieldMask = (text: string): Mask => {
  const tokens = text.match(/[(),]|[^(),]+/g) ?? [];
  let position = 0;
  const list = (): WritableMask => {
    const mask: WritableMask = new Map();
    for (;;) {
      const path = tokens[position] ?? "";
      if (path === "" || "(),".includes(path)) throw malformed();
      position += 1;
      let below: WritableMask | true = true;
      if (tokens[position] === "(") {
        position += 1;
        below = list();
        if (tokens[position] !== ")") throw malformed();
        position += 1;
      }
      include(mask, path.split(/[/.]/), below);
      if (tokens[position] !== ",") return mask;
      position += 1;
    }
  };
  const mask = list();
  if (position !== tokens.length) throw malformed();
  return mask.has("*") ? true : mask;
};

/** The answer cut down to the mask. Lists keep their length. */
export const applyFieldMask = (value: unknown, mask: Mask): unknown => {
  if (mask === true) return value;
  if (Array.isArray(value)) return value.map((item) => applyFieldMask(item, mask));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const below = mask.get(name) ?? mask.get("*");
      return below === undefined ? [] : [[name, applyFieldMask(member, below)]];
    }),
  );
};
