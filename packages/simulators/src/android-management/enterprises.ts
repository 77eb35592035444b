import { characterCount } from "./characters.js";
import { invalidArgument } from "./errors.js";
import type { EnterpriseInput } from "./messages.js";
import { announceTopic } from "./notifications.js";
import type { EnterpriseFields } from "./resources.js";
import { mergeSigninDetails } from "./sign-in-details.js";
import type { EnterpriseRecord, Vendor } from "./state.js";

const longestDisplayName = 100;
const outputOnly: ReadonlySet<string> = new Set([
  "name",
  "enterpriseType",
  "managedGooglePlayAccountsEnterpriseType",
  "managedGoogleDomainType",
  "googleAuthenticationSettings",
]);

/** Applies the fields that may be set, and of those only the ones in the mask if there is one. */
export const changeEnterprise = (
  vendor: Vendor,
  current: EnterpriseFields,
  input: EnterpriseInput,
  mask?: ReadonlySet<string>,
): EnterpriseFields => {
  const { enterpriseDisplayName = "", pubsubTopic = "", signinDetails } = input;
  if (characterCount(enterpriseDisplayName) > longestDisplayName) {
    throw invalidArgument(`Enterprise display name must have at most ${longestDisplayName} characters.`);
  }
  if (pubsubTopic !== "" && !/^projects\/[^/]+\/topics\/[^/]+$/.test(pubsubTopic)) {
    throw invalidArgument("Pub/Sub topic must be of the form projects/{project}/topics/{topic}.");
  }
  const given: EnterpriseInput = {
    ...input,
    ...(signinDetails !== undefined && {
      signinDetails: mergeSigninDetails(vendor, current.signinDetails ?? [], signinDetails),
    }),
  };
  const changes = (member: string) => !outputOnly.has(member) && (mask === undefined || mask.has(member));
  const kept = Object.entries(current).filter(([member]) => !changes(member));
  const replaced = Object.entries(given).filter(([member]) => changes(member));
  const changed = Object.fromEntries([...kept, ...replaced]) as EnterpriseFields;
  const { pubsubTopic: topic = "" } = changed;
  if (topic !== "" && topic !== current.pubsubTopic) announceTopic(vendor, topic);
  return changed;
};

/** Deletes or unbinds: every later call for it is refused, its tokens enroll nobody, its devices count no more. */
export const deleteEnterprise = (enterprise: EnterpriseRecord): void => {
  if (enterprise.deleted) return;
  enterprise.deleted = true;
  enterprise.project.devices -= enterprise.devices.size;
};
