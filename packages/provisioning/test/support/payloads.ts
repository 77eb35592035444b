/** Android's provisioning payload as Google hands it out, with further extras of a caller. */
export const provisioningPayload = (extras: object = {}): string =>
  JSON.stringify({
    "android.app.extra.PROVISIONING_DEVICE_ADMIN_COMPONENT_NAME":
      "com.google.android.apps.work.clouddpc/.receivers.CloudDeviceAdminReceiver",
    "android.app.extra.PROVISIONING_DEVICE_ADMIN_SIGNATURE_CHECKSUM":
      "I5YvS0O5hXY46mb01BlRjq4oJJGs2kuUcHvVkAPEXlg",
    "android.app.extra.PROVISIONING_DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION":
      "https://play.google.com/managed/downloadManagingApp?identifier=setup",
    "android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE": {
      "com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN": "QWJKLPRTZXCVBNMASDFG",
    },
    ...extras,
  });

const withWifi = (name: string) =>
  provisioningPayload({
    "android.app.extra.PROVISIONING_WIFI_SSID": name,
    "android.app.extra.PROVISIONING_WIFI_SECURITY_TYPE": "WPA",
    "android.app.extra.PROVISIONING_WIFI_PASSWORD": "not a real password",
  });

/** Every kind of text that goes into a code, with its name. */
export const payloadKinds: readonly (readonly [kind: string, payload: string])[] = [
  ["a link", "https://enterprise.google.com/android/enroll?et=QWJKLPRTZXCVBNMASDFG"],
  ["a token", "QWJKLPRTZXCVBNMASDFG"],
  ["a code of digits", "0123456789"],
  ["one letter", "é"],
  ["Android's provisioning payload", provisioningPayload()],
  ["a Wi-Fi name with umlauts", withWifi("Büro Süd – 5 GHz")],
  ["a Chinese Wi-Fi name", withWifi("会议室三楼")],
  ["a Japanese Wi-Fi name", withWifi("カフェ無線")],
  ["a Korean Wi-Fi name", withWifi("카페 와이파이")],
  ["a Cyrillic Wi-Fi name", withWifi("Кафе на углу")],
  ["an Arabic Wi-Fi name", withWifi("مقهى المطار")],
  ["a Wi-Fi name with emoji", withWifi("📶👩🏽‍💻 Büro")],
  ["control characters", "a\u0000b\r\n\tc\u007f"],
];
