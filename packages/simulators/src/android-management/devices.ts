import { formatInstant } from "./instants.js";
import { notify } from "./notifications.js";
import { withoutDefaults, type AndroidManagementDevice } from "./resources.js";
import { policyNamed, stamp, type DeviceRecord, type EnterpriseRecord, type Vendor } from "./state.js";

/** The hardware a device reports; the simulator fills in what is left out. */
export interface DeviceHardware {
  /** On personal devices it equals the enterprise-specific id. */
  readonly serialNumber?: string;
  readonly brand?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  /** Android API level. Default: 34. */
  readonly apiLevel?: number;
}

/** How a device comes under management. */
export interface DeviceAdmission extends DeviceHardware {
  readonly ownership: AndroidManagementDevice["ownership"];
  readonly managementMode: AndroidManagementDevice["managementMode"];
  readonly policyName: string;
  /** Dedicated devices have none. */
  readonly user: "one" | "none";
  readonly enrollmentTokenName?: string | undefined;
  readonly enrollmentTokenData?: string | undefined;
}

const hardwareOf = (
  { random }: Vendor,
  { ownership, serialNumber, brand = "google", manufacturer = "Google", model = "Pixel 8" }: DeviceAdmission,
): AndroidManagementDevice["hardwareInfo"] => {
  const chassis = { brand, manufacturer, model };
  if (ownership === "COMPANY_OWNED") {
    return { serialNumber: serialNumber ?? random.serialNumber(), ...chassis };
  }
  const enterpriseSpecificId = serialNumber ?? random.enterpriseSpecificId();
  return { serialNumber: enterpriseSpecificId, ...chassis, enterpriseSpecificId };
};

const setPolicy = (device: DeviceRecord, policyName: string): void => {
  const { enterprise, resource } = device;
  enterprise.devicesByPolicy.get(resource.policyName)?.delete(device);
  resource.policyName = policyName;
  const users = enterprise.devicesByPolicy.get(policyName) ?? new Set();
  enterprise.devicesByPolicy.set(policyName, users.add(device));
};

/** The device fetches its policy and reports back; without one it is held in PROVISIONING. */
export const synchronize = (vendor: Vendor, { enterprise, resource }: DeviceRecord): void => {
  const policy = policyNamed(enterprise, resource.policyName);
  if (policy === undefined) return;
  const now = formatInstant(stamp(vendor));
  if (resource.state === "PROVISIONING") resource.state = "ACTIVE";
  resource.appliedState = resource.state;
  resource.appliedPolicyName = policy.name;
  resource.appliedPolicyVersion = String(policy.version);
  resource.policyCompliant = true;
  resource.lastPolicySyncTime = now;
  resource.lastStatusReportTime = now;
  notify(vendor, enterprise, "STATUS_REPORT", resource);
};

/** Creates the device, counts it for its project, and emits ENROLLMENT, then STATUS_REPORT. */
export const admitDevice = (
  vendor: Vendor,
  enterprise: EnterpriseRecord,
  admission: DeviceAdmission,
): DeviceRecord => {
  const { random } = vendor;
  const id = random.deviceId();
  const hardwareInfo = hardwareOf(vendor, admission);
  const earlierNames = enterprise.deviceNamesBySerial.get(hardwareInfo.serialNumber) ?? [];
  const device: DeviceRecord = {
    id,
    enterprise,
    resource: withoutDefaults<AndroidManagementDevice>({
      name: `${enterprise.name}/devices/${id}`,
      managementMode: admission.managementMode,
      ownership: admission.ownership,
      state: "PROVISIONING",
      enrollmentTime: formatInstant(stamp(vendor)),
      policyName: admission.policyName,
      apiLevel: admission.apiLevel ?? 34,
      enrollmentTokenName: admission.enrollmentTokenName ?? "",
      enrollmentTokenData: admission.enrollmentTokenData ?? "",
      previousDeviceNames: [...earlierNames],
      userName: admission.user === "none" ? "" : `${enterprise.name}/users/${random.userId()}`,
      hardwareInfo,
    }),
  };
  enterprise.deviceNamesBySerial.set(hardwareInfo.serialNumber, [...earlierNames, device.resource.name]);
  enterprise.devices.add(device);
  enterprise.project.devices += 1;
  setPolicy(device, admission.policyName);
  notify(vendor, enterprise, "ENROLLMENT", device.resource);
  synchronize(vendor, device);
  return device;
};

/** Tells the device to use another policy from now on. */
export const movePolicy = (vendor: Vendor, device: DeviceRecord, policyName: string): void => {
  setPolicy(device, policyName);
  synchronize(vendor, device);
};

/** Ends management: the last status report is the only place where DELETED shows. */
export const releaseDevice = (vendor: Vendor, device: DeviceRecord): void => {
  const { enterprise, resource, id } = device;
  enterprise.devices.delete(id);
  enterprise.devicesByPolicy.get(resource.policyName)?.delete(device);
  enterprise.project.devices -= 1;
  notify(vendor, enterprise, "STATUS_REPORT", { ...resource, state: "DELETED", appliedState: "DELETED" });
};
