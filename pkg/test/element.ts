// What TypeScript knows of the element, and of its manifest.
import { MtaStsCheckElement } from "mta-sts/check";
import { MtaStsCheckElement as Same, type MtaStsCheckEventMap } from "mta-sts/element";
import type { Report } from "mta-sts";

const element = document.createElement("mta-sts-check");
const same: Same & MtaStsCheckElement = element;
same.domain = "example.com";
same.domain = null;
same.compact = true;
export const checked: Promise<Report> = same.check("example.com");
export const outcome: string | undefined = document.querySelector("mta-sts-check")?.report?.verdict.outcome;
element.addEventListener("mta-sts-report", ({ detail }) => detail.findings.map(({ id }) => id));
export const fails = (event: MtaStsCheckEventMap["mta-sts-error"]): string => event.detail.message;
element.addEventListener("click", ({ clientX }) => clientX);

// @ts-expect-error the report is the engine's to say
element.report = null;
// @ts-expect-error there is no such mode
element.mode = "plan";
