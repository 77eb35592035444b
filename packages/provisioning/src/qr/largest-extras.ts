import { isRecord } from "../android/entries.js";
import { asciiJson, parseJson } from "../android/json.js";

/** One member of a provisioning payload. */
interface Extra {
  readonly name: string;
  /** What it takes of the payload. */
  readonly bytes: number;
}

/**
 * Names that Android defines are no secrets; any other name may be. What begins with PROVISIONING_DEVICE_ADMIN_ tells the
 * device what to install, and the bundle holds the token: no payload does without them.
 */
const optionalExtra =
  /^android\.app\.extra\.(?!PROVISIONING_(?:DEVICE_ADMIN_|ADMIN_EXTRAS_BUNDLE$))[A-Z_]{1,80}$/;

const isAscii = (text: string) => Buffer.byteLength(text) === text.length;

/** The up to three largest of Android's optional extras in a payload, largest first; none in any other text. */
export const largestExtras = (text: string): readonly Extra[] => {
  const payload = parseJson(text);
  if (!isRecord(payload)) return [];
  const write = isAscii(text) ? asciiJson : JSON.stringify;
  return Object.entries(payload)
    .filter(([name]) => optionalExtra.test(name))
    .map(([name, value]) => ({ name, bytes: Buffer.byteLength(write({ [name]: value })) - "{}".length }))
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, 3);
};
