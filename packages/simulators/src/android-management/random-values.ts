const lowerCaseAndDigits = "abcdefghijklmnopqrstuvwxyz0123456789";
const upperCase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const digits = "0123456789";
const hexadecimal = "0123456789abcdef";
const base64Url = `${upperCase}${upperCase.toLowerCase()}${digits}-_`;

/** Identifiers and secrets in the shapes seen in public; none is a documented format. */
export interface RandomValues {
  enterpriseId(): string;
  enrollmentTokenId(): string;
  /** What a device presents. */
  tokenValue(): string;
  deviceId(): string;
  userId(): string;
  enterpriseSpecificId(): string;
  serialNumber(): string;
  projectNumber(): string;
  accessToken(): string;
  keyId(): string;
  opaque(length: number): string;
  /** Nanoseconds below one millisecond. */
  nanoseconds(): bigint;
}

/** @param random Numbers in [0, 1). With a seeded generator every value repeats from run to run. */
export const randomValues = (random: () => number): RandomValues => {
  const draw = (alphabet: string, length: number) => {
    let drawn = "";
    for (let index = 0; index < length; index += 1)
      drawn += alphabet[Math.floor(random() * alphabet.length)] ?? "";
    return drawn;
  };
  return {
    enterpriseId: () => `LC${draw(lowerCaseAndDigits, 8)}`,
    enrollmentTokenId: () => draw(base64Url, 43),
    tokenValue: () => draw(upperCase, 20),
    deviceId: () => draw(hexadecimal, 16),
    userId: () => `1${draw(digits, 20)}`,
    enterpriseSpecificId: () =>
      [4, 4, 4, 5, 4, 4, 1].map((length) => draw(`${upperCase}${digits}`, length)).join("-"),
    serialNumber: () => draw(`${upperCase}${digits}`, 11),
    projectNumber: () => `1${draw(digits, 11)}`,
    accessToken: () => `ya29.c.${draw(base64Url, 120)}`,
    keyId: () => draw(hexadecimal, 40),
    opaque: (length) => draw(base64Url, length),
    nanoseconds: () => BigInt(Math.floor(random() * 1_000_000)),
  };
};
