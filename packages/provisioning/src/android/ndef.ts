/** Header flags of the NFC Forum's data exchange format, and the type name format of a MIME type. */
const MESSAGE_BEGIN = 0x80;
const MESSAGE_END = 0x40;
const SHORT_RECORD = 0x10;
const MEDIA_TYPE = 0x02;

/** The longest payload whose length fits a short record's one byte. */
const SHORT_LENGTH = 255;

/**
 * An NDEF message of one record that holds data of a MIME type, as it is written to a tag.
 *
 * @param mimeType - at most 255 characters, ASCII.
 * @see https://nfc-forum.org/build/specifications NFC Data Exchange Format (NDEF)
 */
export const ndefMessage = (mimeType: string, payload: Uint8Array): Buffer => {
  const isShort = payload.length <= SHORT_LENGTH;
  const flags = MESSAGE_BEGIN | MESSAGE_END | MEDIA_TYPE | (isShort ? SHORT_RECORD : 0);
  const length = Buffer.alloc(isShort ? 1 : 4);
  length.writeUIntBE(payload.length, 0, length.length);
  return Buffer.concat([
    Buffer.from([flags, mimeType.length]),
    length,
    Buffer.from(mimeType, "ascii"),
    payload,
  ]);
};
