import type { Texts } from "./texts.js";

const followScreen = "Folgen Sie den Anweisungen auf dem Bildschirm.";
const downloadProfile = "Folgen Sie der Seite. Bietet sie an, ein Profil zu laden, erlauben Sie es.";

/** German, in the polite form. */
export const german: Texts = {
  language: "de",
  direction: "ltr",

  sheetTitle: "Richten Sie Ihr Gerät ein",
  unnamed: "Gerät {number}",

  instructions: {
    "android-setup": {
      steps: [
        "Schalten Sie das Gerät ein. Es muss neu oder frisch zurückgesetzt sein.",
        "Tippen Sie auf dem ersten Bildschirm sechsmal auf dieselbe freie Stelle, bis sich ein Scanner öffnet.",
        "Scannen Sie diesen Code und folgen Sie den Anweisungen auf dem Bildschirm.",
      ],
      otherwise:
        "Kein Scanner? Fahren Sie fort, geben Sie statt des Google-Kontos afw#setup ein, und scannen Sie dann diesen Code.",
    },
    "android-token": {
      steps: [
        "Schalten Sie das Gerät ein. Es muss neu oder frisch zurückgesetzt sein.",
        "Fahren Sie mit der Einrichtung fort, bis es nach einem Google-Konto fragt. Geben Sie stattdessen afw#setup ein.",
        "Fragt es nach einem Code, geben Sie das Token von Hand ein, genau so, wie es hier steht.",
        followScreen,
      ],
    },
    "android-work-profile": {
      steps: [
        "Scannen Sie diesen Code mit dem Gerät, oder öffnen Sie den Link in dessen Browser.",
        "Folgen Sie den Anweisungen auf dem Bildschirm, um das Arbeitsprofil einzurichten.",
      ],
    },
    iphone: {
      steps: [
        "Scannen Sie diesen Code mit dem Gerät, oder öffnen Sie den Link in dessen Browser.",
        downloadProfile,
        "Öffnen Sie die Einstellungen, tippen Sie auf „Profil geladen“ und installieren Sie das Profil.",
      ],
    },
    mac: {
      steps: [
        "Öffnen Sie den Link in einem Browser auf dem Mac.",
        downloadProfile,
        "Öffnen Sie die Systemeinstellungen, gehen Sie zu „Geräteverwaltung“ und installieren Sie das Profil.",
      ],
    },
    computer: { steps: ["Öffnen Sie den Link in einem Browser auf dem Computer.", followScreen] },
    apple: {
      steps: [
        "Scannen Sie diesen Code mit dem iPhone oder iPad. Auf einem Mac öffnen Sie den Link in einem Browser.",
        downloadProfile,
        "Installieren Sie es: auf iPhone oder iPad in den Einstellungen unter „Profil geladen“, auf dem Mac in den Systemeinstellungen unter „Geräteverwaltung“.",
      ],
    },
    link: {
      steps: [
        "Scannen Sie diesen Code mit dem Gerät, oder öffnen Sie den Link in dessen Browser.",
        followScreen,
      ],
    },
    code: { steps: ["Fragt das Gerät nach einem Code, geben Sie diesen ein.", followScreen] },
    delivered: {
      steps: ["Sie haben eine E-Mail mit einem Link bekommen. Öffnen Sie ihn auf dem Gerät.", followScreen],
    },
  },

  labels: {
    steps: "So geht es",
    link: "Link",
    code: "Code, falls gefragt wird",
    codeAlone: "Code",
    token: "Token",
    qr: "QR-Code zum Scannen mit dem Gerät",
    profile: "Eingerichtet als",
    device: "Gerät",
    serialNumber: "Seriennummer",
  },

  expiry: {
    validUntil: "Gültig bis {time}",
    expired: "Abgelaufen am {time}",
    expiredAdvice: "Nicht mehr gültig. Bitten Sie um einen neuen, wo Sie diesen bekommen haben.",
    never: "Läuft nicht ab",
    unknown: "Kann ablaufen: bitte bald verwenden",
  },

  uses: {
    one: "Gilt einmal, für ein Gerät.",
    several: "Gilt für {count} Geräte.",
    unlimited: "Gilt für beliebig viele Geräte.",
  },
  confidential: "Nicht weitergeben.",

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
    "fully-managed": "von der Firma verwaltet",
    "work-profile": "Arbeitsprofil",
    dedicated: "Gerät für einen festen Zweck",
    "device-enrollment": "von der Firma verwaltet",
    "user-enrollment": "privates Gerät, für die Arbeit verwaltet",
  },

  mail: {
    subject: "Richten Sie Ihr Gerät ein",
    subjectForDevice: "Richten Sie Ihr Gerät ein: {name}",
    greeting: "Guten Tag {name},",
    greetingWithoutName: "Guten Tag,",
    introduction: "Ihr Gerät kann jetzt für die Arbeit eingerichtet werden.",
    scanOrOpen: "Scannen Sie diesen Code mit dem Gerät, oder öffnen Sie auf ihm diesen Link:",
    scan: "Scannen Sie diesen Code mit dem Gerät:",
    footer:
      "Sie haben diese Nachricht nicht erwartet? Dann verwenden Sie sie nicht, und sagen Sie Ihrer IT-Abteilung Bescheid.",
  },
};
