#!/usr/bin/env node
// main.ts: picks the verb, hands the host in. Verbs live in host/ and wire/.

process.stderr.write('trapline: no verb is implemented yet\n');
process.exitCode = 2;
