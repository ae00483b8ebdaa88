//! A plan as text: what would go wrong at once, then each step with its date, its text and its reason, and last, where the
//! eye is, the plan in a sentence.

use super::style::{Paint, Role};
use super::{Options, Page, Shown, Source};
use crate::plan::{Plan, PlanStep, PlanWait, Publication};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};

/// Writes a plan as text, ending in a line end.
///
/// Ask for the plan in UTF-16 offsets, as with [`text`](super::text()).
#[must_use]
pub fn plan(plan: &Plan, options: Options) -> String {
    let sources = Source::all(&plan.documents, plan.offsets);
    let mut page = Page { out: String::new(), paint: Paint::new(options.color), width: options.width };
    for finding in &plan.findings {
        let source = sources.iter().find(|source| source.document.name == finding.document);
        page.finding(finding, source);
    }
    let gutter = plan.steps.len().to_string().len();
    for (at, step) in plan.steps.iter().enumerate() {
        page.step(at + 1, step, plan, gutter);
    }
    let summary = page.paint.as_(Role::Title, &plan.summary);
    page.line(format_args!("{summary}"));
    page.out
}

impl Page {
    fn step(&mut self, number: usize, step: &PlanStep, plan: &Plan, gutter: usize) {
        let paint = self.paint;
        let number = paint.as_(Role::Frame, format_args!("{number:gutter$}")).to_string();
        let action = paint.as_(Role::Title, Shown(&step.action)).to_string();
        self.line(format_args!("{number} {}: {action}", step.id));
        let indent = " ".repeat(gutter);
        let arrow = paint.as_(Role::Frame, "-->");
        let at = step.publish.as_ref().filter(|publish| !publish.at.is_empty());
        let at = at.map_or(String::new(), |publish| format!("{}, ", Shown(&publish.at)));
        self.line(format_args!("{indent}{arrow} {at}not before {}", step.date));
        if let Some(publish) = &step.publish {
            self.publication(publish, &indent);
        }
        for wait in &step.waits {
            self.wait(wait, plan, &indent);
        }
        self.note(&indent, "why", format_args!("{} ({})", step.why, step.rfc));
        self.out.push('\n');
    }

    /// The text, line by line; line ends are for a file to have.
    fn publication(&mut self, publish: &Publication, indent: &str) {
        let bar = self.paint.as_(Role::Frame, "|");
        self.line(format_args!("{indent} {bar}"));
        for line in publish.text.lines() {
            self.line(format_args!("{indent} {bar} {}", Shown(line)));
        }
        self.line(format_args!("{indent} {bar}"));
    }

    fn wait(&mut self, wait: &PlanWait, plan: &Plan, indent: &str) {
        let after = plan.steps.iter().position(|step| Some(step.id) == wait.after);
        let after = after.map_or("from now".to_owned(), |at| format!("after step {}", at + 1));
        self.note(indent, "wait", format_args!("{} {after}: until {}", wait.sum, wait.until));
        if let Some(early) = &wait.early {
            self.note(indent, "early", format_args!("not before {}: {}", early.date, early.risk));
        }
    }
}
