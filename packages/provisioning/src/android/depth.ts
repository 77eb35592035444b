/** Levels of objects that a payload may have: the platform's own are two deep. */
export const DEEPEST = 20;

/** Whether a value has at most so many levels. What is deeper would break whoever goes down into it. */
export const isShallow = (value: unknown, levels: number = DEEPEST): boolean => {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((part) => isShallow(part, levels - 1));
};
