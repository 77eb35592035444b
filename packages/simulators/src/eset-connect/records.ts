/** Which devices a group shows: those put into it, or those that a dynamic group's rule finds around it. */
export type GroupMembership = "static" | "mobile-devices" | "computers";

/** A customer, site or other entity that a group stands for. */
export type LinkedEntity = "UNSPECIFIED" | "COMPANY" | "MSP" | "SITE" | "HOUSEHOLD";

export interface GroupRecord {
  readonly uuid: string;
  displayName: string;
  readonly description: string;
  /** "" for the root. */
  parentGroupUuid: string;
  readonly membership: GroupMembership;
  readonly linkedEntity: LinkedEntity;
  /** Whether a subscription for mobile products is available here and below. */
  readonly subscription: boolean;
  version: number;
}

/** Where a device runs; ESET's links are for the first two only. */
export type DevicePlatform = "android" | "ios" | "windows" | "macos" | "linux";

export interface ActiveProduct {
  readonly id: string;
  readonly name: string;
}

export interface DeviceRecord {
  readonly uuid: string;
  /** Position in the order of creation. */
  readonly sequence: number;
  displayName: string;
  readonly description: string;
  readonly isMobile: boolean;
  groupUuid: string;
  /** As the API spells it: "DEVICE_ENROLLMENT_STATUS_PENDING". */
  enrollmentStatus: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  enrolledAt: number | undefined;
  platform: DevicePlatform | undefined;
  /** Identity of an enrolled device; "" before. */
  deviceToken: string;
  activeProducts: readonly ActiveProduct[];
  version: number;
}

export interface LinkRecord {
  readonly uri: string;
  readonly deviceUuid: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** When a device enrolled with this link. */
  usedAt: number | undefined;
  /** When the link lost its worth: its device enrolled, by this link or another, or was deleted. */
  endedAt: number | undefined;
}

export interface InstallerRecord {
  readonly uuid: string;
  readonly displayName: string;
  /** 1 Windows, 3 macOS. */
  readonly operatingSystemFamilyId: number;
  /** "" when devices find their group by name. */
  readonly securityGroupUuid: string;
  readonly enablePuaDetection: boolean;
  readonly enableCloudScannerFeedback: boolean;
  readonly sendAnonymousDiagnosticData: boolean;
  readonly preferredLanguageCode: string;
  readonly componentIds: readonly number[];
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly downloadUrl: string;
}

export interface DeploymentFileRecord {
  /** Base64, as handed out. */
  readonly gpoSccmFile: string;
  /** "" when devices find their group by name. */
  readonly securityGroupUuid: string;
  readonly sendAnonymousDiagnosticData: boolean;
  readonly createdAt: number;
}

export interface DirectoryUserRecord {
  readonly uuid: string;
  readonly displayName: string;
  readonly email: string;
}

export interface ApiUserRecord {
  readonly uuid: string;
  readonly username: string;
  readonly password: string;
  /** Groups, each with all below it, that the user has rights on. */
  readonly rights: "all" | readonly string[];
  /** "denied": every call is answered 403, as for users that never logged in to ESET PROTECT Hub. */
  readonly access: "granted" | "denied";
}
