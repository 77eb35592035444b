/** The vendor whose enrollments Android Device Policy, Google's own device policy controller, understands. */
export const ANDROID_MANAGEMENT = "android-management";

/**
 * What is typed in place of a Google account at first setup. The device then installs Android Device Policy, which asks
 * for a QR code or the token.
 */
export const DPC_IDENTIFIER = "afw#setup";

/** The MIME type of the NDEF record that Android's setup listens for. */
export const NFC_MIME_TYPE = "application/com.android.managedprovisioning";

/** The full key of one of Android's provisioning extras. */
export const extraKey = (name: string): string => `android.app.extra.PROVISIONING_${name}`;

/** The bundle that Android hands to the device policy controller. It holds the token. */
export const ADMIN_EXTRAS = extraKey("ADMIN_EXTRAS_BUNDLE");

export const COMPONENT_NAME = extraKey("DEVICE_ADMIN_COMPONENT_NAME");
export const PACKAGE_NAME = extraKey("DEVICE_ADMIN_PACKAGE_NAME");
export const DOWNLOAD_LOCATION = extraKey("DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION");

/**
 * What Google puts into the QR code of a token. Needed only where it does not send one: until 2024 it did so at
 * creation alone.
 */
export const devicePolicyPayload = (token: string): Readonly<Record<string, unknown>> => ({
  [COMPONENT_NAME]: "com.google.android.apps.work.clouddpc/.receivers.CloudDeviceAdminReceiver",
  [extraKey("DEVICE_ADMIN_SIGNATURE_CHECKSUM")]: "I5YvS0O5hXY46mb01BlRjq4oJJGs2kuUcHvVkAPEXlg",
  [DOWNLOAD_LOCATION]: "https://play.google.com/managed/downloadManagingApp?identifier=setup",
  [ADMIN_EXTRAS]: { "com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN": token },
});
