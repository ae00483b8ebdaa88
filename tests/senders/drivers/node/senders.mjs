// What senders written in JavaScript make of each case, asked as their users ask them.
//
//     senders.mjs CASES
//
// Prints JSON lines: first sender and version, then an observation each, its value in hex. Cases are those that world.py serves.

import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';

const require = createRequire(import.meta.url);
const { getPolicy } = require('mailauth/lib/mta-sts.js');
const { version } = require('mailauth/package.json');

const REFUSALS = /^(invalid_|multi_sts_records$|http_status_|policy_too_large$)/;

const cases = readFileSync(process.argv[2], 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const print = (row) => console.log(JSON.stringify(row));

for (const [sender, strict] of [['mailauth-strict', true], ['mailauth-lax', false]]) {
  print({ sender, version });
  // More at once, and datagrams are lost.
  const rest = cases.filter(({ kind }) => kind !== 'tlsrpt').values();
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (const { kind, name, domain } of rest) {
      const { policy, status } = await getPolicy(domain, null, { strict });
      // Any other error lies in the world or the load on the machine, and is no observation.
      if (status === 'errored' && !REFUSALS.test(policy.error.code)) throw policy.error;
      const read = kind === 'txt' ? `id=${policy.id}` : `mode=${policy.mode} max_age=${policy.maxAge} mx=${policy.mx ?? ''}`;
      print({ kind, name, sender, value: status === 'found' ? Buffer.from(read).toString('hex') : null });
    }
  }));
}
