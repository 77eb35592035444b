import { qrCodeOf } from "./enrollment-tokens.js";
import { invalidArgument } from "./errors.js";
import type { SigninDetailInput } from "./messages.js";
import type { Vendor } from "./state.js";

const keyOf = ({ signinUrl, allowPersonalUsage, tokenTag }: SigninDetailInput): string =>
  JSON.stringify([signinUrl, allowPersonalUsage, tokenTag]);

/**
 * What a patch makes of an enterprise's sign-in details: a configuration known by its URL, usage and tag keeps its
 * token, a new one gets one, one left out is gone. With no default the first becomes it.
 * https://developers.google.com/android/management/reference/rest/v1/enterprises#SigninDetail
 */
export const mergeSigninDetails = (
  { random }: Vendor,
  current: readonly SigninDetailInput[],
  given: readonly SigninDetailInput[],
): SigninDetailInput[] => {
  const known = new Map(current.map((detail) => [keyOf(detail), detail]));
  if (new Set(given.map(keyOf)).size < given.length) {
    throw invalidArgument("Sign-in details must differ in URL, personal usage or tag.");
  }
  const defaults = given.filter(({ defaultStatus }) => defaultStatus === "SIGNIN_DETAIL_IS_DEFAULT");
  if (defaults.length > 1) throw invalidArgument("At most one sign-in detail can be the default.");
  const [chosen = given[0]] = defaults;
  return given.map((detail) => {
    const { signinEnrollmentToken = random.tokenValue() } = known.get(keyOf(detail)) ?? {};
    return {
      ...detail,
      signinEnrollmentToken,
      qrCode: qrCodeOf(signinEnrollmentToken),
      defaultStatus: detail === chosen ? "SIGNIN_DETAIL_IS_DEFAULT" : "SIGNIN_DETAIL_IS_NOT_DEFAULT",
    };
  });
};
