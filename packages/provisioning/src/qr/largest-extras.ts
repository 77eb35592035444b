/** One member of a provisioning payload. */
interface Extra {
  readonly name: string;
  /** Its length as JSON in UTF-8. */
  readonly bytes: number;
}

/**
 * Names that Android defines are no secrets; any other name may be. What begins with PROVISIONING_DEVICE_ADMIN_ tells the
 * device what to install: no payload does without it.
 */
const optionalExtra = /^android\.app\.extra\.(?!PROVISIONING_DEVICE_ADMIN_)[A-Z_]{1,80}$/;

/** Anything that is no JSON has no members. */
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** The up to three largest of Android's optional extras in a payload, largest first; none in any other text. */
export const largestExtras = (text: string): readonly Extra[] => {
  const payload = parseJson(text);
  if (typeof payload !== "object" || payload === null) return [];
  return Object.entries<unknown>({ ...payload })
    .filter(([name]) => optionalExtra.test(name))
    .map(([name, value]) => ({ name, bytes: Buffer.byteLength(JSON.stringify({ [name]: value })) - 2 }))
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, 3);
};
