// What senders written in JavaScript make of each case, asked as their users ask them.
//
//     senders.mjs CASES
//
// Prints JSON lines: first sender and version, then an observation each. Cases are those that world.py serves.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';

const require = createRequire(import.meta.url);
const { getPolicy } = require('mailauth/lib/mta-sts.js');
const { version } = require('mailauth/package.json');

const cases = readFileSync(process.argv[2], 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const print = (row) => console.log(JSON.stringify(row));

for (const [sender, strict] of [['mailauth-strict', true], ['mailauth-lax', false]]) {
  print({ sender, version });
  for (const { kind, name, domain } of cases.filter(({ kind }) => kind !== 'tlsrpt')) {
    const { policy, status } = await getPolicy(domain, null, { strict });
    const read = kind === 'txt' ? `id=${policy.id}` : `mode=${policy.mode} max_age=${policy.maxAge} mx=${policy.mx ?? ''}`;
    print({ kind, name, sender, value: status === 'found' ? read : null });
  }
}
