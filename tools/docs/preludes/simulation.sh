# Local vendors, with a config and a ledger for them in this folder.
enrollkit simulate --folder .
