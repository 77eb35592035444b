import type { Texts } from "./texts.js";

const followScreen = "Follow the instructions on the screen.";
const downloadProfile = "Follow the page. If it offers to download a profile, allow it.";

/** English. */
export const english: Texts = {
  language: "en",
  direction: "ltr",

  sheetTitle: "Set up your device",
  unnamed: "Device {number}",

  instructions: {
    "android-setup": {
      steps: [
        "Turn on the device. It must be new or freshly reset.",
        "On its first screen, tap the same empty spot six times, until a scanner opens.",
        "Scan this code, and follow the instructions on the screen.",
      ],
      otherwise:
        "No scanner? Go on with the setup, type afw#setup in place of the Google account, then scan this code.",
    },
    "android-token": {
      steps: [
        "Turn on the device. It must be new or freshly reset.",
        "Go on with the setup until it asks for a Google account. Type afw#setup in its place.",
        "When it asks for a code, type the token by hand, exactly as it is written here.",
        followScreen,
      ],
    },
    "android-work-profile": {
      steps: [
        "Scan this code with the device, or open the link in its browser.",
        "Follow the instructions on the screen to set up the work profile.",
      ],
    },
    iphone: {
      steps: [
        "Scan this code with the device, or open the link in its browser.",
        downloadProfile,
        "Open Settings, tap Profile Downloaded, and install the profile.",
      ],
    },
    mac: {
      steps: [
        "Open the link in a browser on the Mac.",
        downloadProfile,
        "Open System Settings, go to Device Management, and install the profile.",
      ],
    },
    computer: { steps: ["Open the link in a browser on the computer.", followScreen] },
    apple: {
      steps: [
        "Scan this code with the iPhone or iPad. On a Mac, open the link in a browser.",
        downloadProfile,
        "Install it: on an iPhone or iPad in Settings, under Profile Downloaded; on a Mac in System Settings, under Device Management.",
      ],
    },
    link: {
      steps: ["Scan this code with the device, or open the link in its browser.", followScreen],
    },
    code: { steps: ["When the device asks for a code, enter this one.", followScreen] },
    delivered: {
      steps: ["You were sent an e-mail with a link. Open it on the device.", followScreen],
    },
  },

  labels: {
    steps: "What to do",
    link: "Link",
    code: "Code, if asked for",
    codeAlone: "Code",
    token: "Token",
    qr: "QR code to scan with the device",
    profile: "Set up as",
    device: "Device",
    serialNumber: "Serial number",
  },

  expiry: {
    validUntil: "Valid until {time}",
    expired: "Expired on {time}",
    expiredAdvice: "It no longer works. Ask for a new one where you got it.",
    never: "Does not expire",
    unknown: "May expire: use it soon",
  },

  uses: {
    one: "Works once, for one device.",
    several: "Works for {count} devices.",
    unlimited: "Works for any number of devices.",
  },
  confidential: "Do not pass it on.",

  platforms: {
    android: "Android",
    ios: "iPhone",
    ipados: "iPad",
    macos: "Mac",
    tvos: "Apple TV",
    windows: "Windows",
    linux: "Linux",
  },
  managementModes: {
    "fully-managed": "managed by the company",
    "work-profile": "work profile",
    dedicated: "dedicated device",
    "device-enrollment": "managed by the company",
    "user-enrollment": "personal device, managed for work",
  },

  mail: {
    subject: "Set up your device",
    subjectForDevice: "Set up your device: {name}",
    greeting: "Hello {name},",
    greetingWithoutName: "Hello,",
    introduction: "your device is ready to be set up for work.",
    scanOrOpen: "Scan this code with the device, or open this link on it:",
    scan: "Scan this code with the device:",
    footer: "You did not expect this message? Do not use it, and tell your IT department.",
  },
};
