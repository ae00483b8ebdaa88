/** Steps as a file that calendars read (iCalendar, RFC 5545). */

import type { Plan, PlanStep } from "mta-sts";

import { described, headline } from "./steps.ts";

const encoder = new TextEncoder();

/**
 * The calendar of a plan. `about` says what is changed: the same change at another time gives events of the same UID, which
 * take the place of the ones before. `made` is now.
 */
export function calendar(plan: Plan, domain: string, about: string, made: Date): string {
  const change = hash(about);
  const events = plan.steps.flatMap((step, index) => [
    "BEGIN:VEVENT",
    `UID:${step.id}-${change}@${domain || "mta-sts.invalid"}`,
    `DTSTAMP:${utc(made)}`,
    `DTSTART:${utc(new Date(step.not_before * 1000))}`,
    "DURATION:PT30M",
    "TRANSP:TRANSPARENT",
    `SUMMARY:${escape(summary(step, index, plan, domain))}`,
    `DESCRIPTION:${escape(described(step, plan))}`,
    "END:VEVENT",
  ]);
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//mta-sts//plan//EN", "METHOD:PUBLISH", ...events, "END:VCALENDAR"];
  return lines.map((line) => `${fold(line)}\r\n`).join("");
}

const summary = (step: PlanStep, index: number, { steps }: Plan, domain: string): string =>
  `MTA-STS${domain && ` of ${domain}`}, ${index + 1} of ${steps.length}: ${headline(step)}`;

/** A time in UTC (§3.3.5): `20260308T130000Z`. */
const utc = (date: Date): string => date.toISOString().replace(/\.\d+|[-:]/g, "");

/** A text (§3.3.11): what has a meaning in it is escaped, and no other control is in it than line feeds. */
const escape = (text: string): string =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n]/gu, " ")
    .replace(/[\\;,]/g, "\\$&")
    .replaceAll("\n", "\\n");

/** A line of more than 75 octets goes on in the next one after a space (§3.1); no character is divided. */
export function fold(line: string): string {
  const lines = [""];
  let room = 75;
  for (const character of line) {
    const octets = encoder.encode(character).length;
    if (octets > room) {
      lines.push("");
      room = 74;
    }
    lines[lines.length - 1] += character;
    room -= octets;
  }
  return lines.join("\r\n ");
}

/** 64 bits in hexadecimal, FNV-1a: nobody gains by making two changes of one. */
function hash(text: string): string {
  let value = 0xcbf2_9ce4_8422_2325n;
  for (const octet of encoder.encode(text)) value = BigInt.asUintN(64, (value ^ BigInt(octet)) * 0x100_0000_01b3n);
  return value.toString(16).padStart(16, "0");
}
