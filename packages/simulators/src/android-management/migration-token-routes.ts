import { method, type Route } from "./api.js";
import { managedEnterprise } from "./authorization.js";
import { checkAdditionalData, fullPolicyName } from "./enrollment-tokens.js";
import { listMethod } from "./enterprise-lists.js";
import { invalidArgument, notFound } from "./errors.js";
import { formatInstant, instantAt, nanosecondsPerSecond, type Instant } from "./instants.js";
import { migrationTokenMessage, type MigrationTokenInput } from "./messages.js";
import { stamp, type EnterpriseRecord, type MigrationTokenRecord, type Vendor } from "./state.js";

const collectionPath = "/v1/enterprises/:enterprise/migrationTokens";
const sevenDays = 7n * 86_400n * nanosecondsPerSecond;

const expiryOf = ({ ttl, expireTime }: MigrationTokenInput, createdAt: Instant): Instant => {
  if (ttl !== undefined && expireTime !== undefined) {
    throw invalidArgument("Only one of ttl and expireTime can be set.");
  }
  const expiresAt = expireTime ?? createdAt + (ttl ?? sevenDays);
  if (expiresAt <= createdAt || expiresAt > createdAt + sevenDays) {
    throw invalidArgument("A migration token must live for at most seven days.");
  }
  return expiresAt;
};

const createMigrationToken = (
  vendor: Vendor,
  enterprise: EnterpriseRecord,
  input: MigrationTokenInput,
): MigrationTokenRecord => {
  const { deviceId = "", userId = "", managementMode = "MANAGEMENT_MODE_UNSPECIFIED" } = input;
  const policy = fullPolicyName(vendor, enterprise, input.policy);
  if (
    deviceId === "" ||
    userId === "" ||
    managementMode === "MANAGEMENT_MODE_UNSPECIFIED" ||
    policy === undefined
  ) {
    throw invalidArgument("deviceId, userId, policy and managementMode are required.");
  }
  checkAdditionalData(vendor, input.additionalData);
  const createdAt = stamp(vendor);
  const expiresAt = expiryOf(input, createdAt);
  const id = vendor.random.enrollmentTokenId();
  const { additionalData = "" } = input;
  return enterprise.migrationTokens.add({
    id,
    expiresAt,
    resource: {
      name: `${enterprise.name}/migrationTokens/${id}`,
      value: vendor.random.tokenValue(),
      deviceId,
      userId,
      managementMode,
      policy,
      createTime: formatInstant(createdAt),
      expireTime: formatInstant(expiresAt),
      ...(additionalData !== "" && { additionalData }),
    },
  });
};

/** Expired ones stay for seven more days. */
const isKept = ({ now }: Vendor, { expiresAt }: MigrationTokenRecord) =>
  expiresAt + sevenDays > instantAt(now());

/** https://developers.google.com/android/management/reference/rest/v1/enterprises.migrationTokens */
export const migrationTokenRoutes: readonly Route[] = [
  method({
    verb: "POST",
    path: collectionPath,
    query: {},
    body: { message: migrationTokenMessage, root: "migration_token" },
    answer: ({ vendor, account, body, parameter }) => {
      const enterprise = managedEnterprise(vendor, account, parameter("enterprise"));
      return createMigrationToken(vendor, enterprise, body).resource;
    },
  }),
  listMethod({
    name: "migrationTokens",
    of: (enterprise) => enterprise.migrationTokens,
    usual: 100,
    accepts: isKept,
    show: (_vendor, { resource }) => resource,
  }),
  method({
    verb: "GET",
    path: `${collectionPath}/:token`,
    query: {},
    answer: ({ vendor, account, parameter }) => {
      const enterprise = managedEnterprise(vendor, account, parameter("enterprise"));
      const token = enterprise.migrationTokens.get(parameter("token"));
      if (token === undefined || !isKept(vendor, token)) throw notFound();
      return token.resource;
    },
  }),
];
