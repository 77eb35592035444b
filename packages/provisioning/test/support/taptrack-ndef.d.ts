declare module "@taptrack/ndef" {
  interface NdefRecord {
    isChunked(): boolean;
    getTnf(): number;
    getType(): Uint8Array;
    getId(): Uint8Array;
    getPayload(): Uint8Array;
  }
  interface NdefMessage {
    getRecords(): NdefRecord[];
    toByteArray(): Uint8Array;
  }
  const ndef: {
    readonly Record: new (
      chunked: boolean,
      tnf: number,
      type: Uint8Array,
      id: Uint8Array | null,
      payload: Uint8Array,
    ) => NdefRecord;
    readonly Message: {
      new (records: readonly NdefRecord[]): NdefMessage;
      fromBytes(bytes: Uint8Array): NdefMessage;
    };
  };
  export = ndef;
}
