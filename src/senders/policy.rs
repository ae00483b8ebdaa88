//! A policy as one sender reads it.

use super::table::{
    Beyond, Blank, Charset, LineEnds, Media, MxSyntax, Names, NoColon, PolicyTraits, Repeats, Status, Stray,
};
use super::{Cause, Causes, PolicyReading, Sender, Space};
use crate::evidence::Reply;
use crate::finding::Subject;
use crate::model::policy::FieldName;
use crate::model::{Domain, Form, MaxAge, Mode, MxFault, MxPattern, Policy};
use crate::parse::{self, Line, LineKind, Odd, grammar};
use crate::quote::lossy;
use crate::span::{Span, Spanned};
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// Reads a policy as `sender` does. `reply` says how it was served, as far as that is known; what is not known counts
/// as served right: status 200, `text/plain; charset=utf-8`, in no time.
///
/// ```
/// use mta_sts::{evidence::Reply, model::Policy, senders};
/// let text = b"version: STSv1\n\nmode: enforce\nmx: mx.example.com\nmax_age: 86400\n";
/// let (policy, reply) = (Policy::read(text), Reply::given(text));
/// let read = |id| senders::policy(senders::find(id).unwrap(), &policy, &reply).unwrap();
/// assert!(read("stalwart").is_applied()); // it skips the empty line
/// assert_eq!(read("mox").causes[0].rule, "pol-blank-line");
/// ```
///
/// `None` for a library that reads no policies.
#[must_use]
pub fn policy<'a>(sender: &'static Sender, policy: &Policy<'a>, reply: &Reply) -> Option<PolicyReading<'a>> {
    let traits = sender.policy.as_ref()?;
    let mut eye = Eye {
        traits,
        policy,
        causes: Causes::default(),
        first: Seen::default(),
        taken: Seen::default(),
        unseen: [None; 4],
        mx: Vec::new(),
        is_swallowed: None,
        stray: None,
    };
    eye.served(reply);
    eye.read();
    Some(eye.finish())
}

/// The values of the fields that count once.
#[derive(Default)]
struct Seen<'a> {
    version: Option<Value<'a>>,
    mode: Option<Value<'a>>,
    max_age: Option<Value<'a>>,
}

type Value<'a> = Spanned<&'a [u8]>;

/// A sender, reading.
struct Eye<'p, 'a> {
    traits: &'static PolicyTraits,
    policy: &'p Policy<'a>,
    causes: Causes,
    /// What the RFC takes: the first of each.
    first: Seen<'a>,
    /// What this sender takes.
    taken: Seen<'a>,
    /// Why a line that reads like a known field is none to this sender, in the order of [`FieldName::ALL`].
    unseen: [Option<(&'static str, Span)>; 4],
    mx: Vec<Cow<'a, str>>,
    /// A line without a colon, which takes the next line with it.
    is_swallowed: Option<Span>,
    /// A carriage return within a line, as this sender parts lines: what is wrong with the line is wrong because of it.
    stray: Option<Span>,
}

impl<'a> Eye<'_, 'a> {
    fn refuse(&mut self, rule: &'static str, span: Span) {
        self.cause(rule, span, true);
    }

    fn cause(&mut self, rule: &'static str, span: Span, refuses: bool) {
        let (rule, span) = match self.stray {
            Some(stray) => ("pol-eol-cr", stray),
            None => (rule, span),
        };
        self.causes.add(Cause { rule, subject: Subject::Policy, span: Some(span), refuses });
    }

    /// How it takes to the reply as such.
    fn served(&mut self, reply: &Reply) {
        let mut refuse = |rule| {
            self.causes.add(Cause { rule, subject: Subject::PolicyHost, span: None, refuses: true });
        };
        if reply.redirect.is_some() {
            refuse("http-redirect");
        }
        if let Some(status) = reply.status.filter(|status| *status != 200) {
            match self.traits.status {
                Status::Ok => refuse("http-status"),
                Status::Success if !(200..300).contains(&status) => refuse("http-status"),
                Status::Success | Status::Any => {}
            }
        }
        if let Some(content_type) = &reply.content_type {
            let media = content_type.split(';').next().unwrap_or_default().trim();
            let is_text = match self.traits.media {
                Media::Any => true,
                Media::TextPlain => media.eq_ignore_ascii_case("text/plain"),
                Media::TextPlainExactly => media == "text/plain",
            };
            if !is_text {
                refuse("http-content-type");
            }
        }
        if reply.millis.is_some_and(|millis| millis > self.traits.seconds * 1000) {
            refuse("http-timeout");
        }
        let input = self.policy.text.input;
        let is_utf8 = !self.policy.text.odd.has(Odd::NON_ASCII) || str::from_utf8(input).is_ok();
        let is_decoded = match self.traits.charset {
            Charset::Octets => true,
            Charset::Utf8 => is_utf8,
            Charset::Declared => match reply.content_type.as_deref().map(charset) {
                None | Some(Declared::Utf8) => is_utf8,
                Some(Declared::Ascii) => input.is_ascii(),
                Some(Declared::Latin1) => true,
                Some(Declared::Other) => {
                    refuse("http-charset");
                    true
                }
            },
        };
        if !is_decoded {
            let valid = input.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
            let odd = input.iter().position(|b| !b.is_ascii()).unwrap_or(0);
            let (rule, at) =
                if valid < input.len() { ("pol-not-utf8", valid) } else { ("pol-non-ascii", odd) };
            self.refuse(rule, Span::new(at as u32, at as u32 + 1));
        }
    }

    /// Reads line by line, as the sender parts them.
    fn read(&mut self) {
        let text = &self.policy.text;
        let mut end = text.input.len();
        match self.traits.limit {
            Some((limit, beyond)) if end > limit as usize => match beyond {
                Beyond::Refused => self.refuse("pol-size", Span::new(limit, end as u32)),
                Beyond::Cut => {
                    end = limit as usize;
                    self.cause("pol-size", Span::new(limit, text.input.len() as u32), false);
                }
            },
            _ => {}
        }
        let is_plain = match self.traits.line_ends {
            LineEnds::Grammar => true,
            LineEnds::Lf => !text.odd.has(Odd::STRAY_CR),
            LineEnds::Unicode => !(text.odd.has(Odd::CONTROL) || text.odd.has(Odd::NON_ASCII)),
        };
        if is_plain {
            for line in &text.lines {
                if line.span().end as usize > end {
                    let cut = parse::line(text.input, Span::new(line.span().start, end as u32));
                    self.line(&cut);
                    break;
                }
                let term = self.policy.of(line.term());
                if self.traits.line_ends == LineEnds::Grammar && !matches!(term, b"" | b"\n" | b"\r\n") {
                    self.refuse("pol-eol-cr", line.term());
                }
                self.line(line);
            }
            return;
        }
        let mut at = text.bom.end as usize;
        while at < end {
            let rest = &text.input[at..end];
            let (content, term) = match self.traits.line_ends {
                LineEnds::Grammar | LineEnds::Lf => {
                    let len = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
                    (len, usize::from(len < rest.len()))
                }
                LineEnds::Unicode => unicode_line(rest),
            };
            // Carriage returns around a line are white space, and taken off with it; within it they are not.
            let line = &rest[..content];
            let line = match self.traits.space {
                Space::Wsp if term > 0 => line.strip_suffix(b"\r").unwrap_or(line),
                Space::Wsp => line,
                _ => line.trim_ascii_end(),
            };
            let line = if self.traits.indent == Stray::Skipped { line.trim_ascii_start() } else { line };
            let start = at + content - rest[..content].trim_ascii_start().len();
            let start = if self.traits.indent == Stray::Skipped && !line.is_empty() { start } else { at };
            let inner = line.iter().position(|b| *b == b'\r');
            self.stray = inner.map(|inner| Span::new((start + inner) as u32, (start + inner + 1) as u32));
            self.line(&parse::line(text.input, Span::new(start as u32, (start + line.len()) as u32)));
            self.stray = None;
            at += content + term;
        }
    }

    fn line(&mut self, line: &Line) {
        let traits = self.traits;
        match line.kind {
            // A byte order mark alone on the first line is a name without a colon.
            LineKind::Blank if self.has_bom(line) && traits.bom != Stray::Skipped => {
                if traits.no_colon == NoColon::Refused {
                    self.refuse("pol-bom", self.policy.text.bom);
                }
            }
            LineKind::Blank => {
                let is_refused = match traits.blank {
                    Blank::Refused => true,
                    Blank::SkippedIfEmpty => !matches!(self.policy.of(line.span()), b"" | b"\n" | b"\r\n"),
                    Blank::Skipped => false,
                };
                if is_refused {
                    self.refuse("pol-blank-line", line.span());
                }
            }
            LineKind::NoColon => match traits.no_colon {
                NoColon::Refused => self.refuse("pol-no-colon", line.content()),
                NoColon::Skipped => self.note_lost_lines(line),
                NoColon::TakesNext => {
                    self.is_swallowed = Some(line.content());
                    self.note_lost_lines(line);
                }
            },
            LineKind::Field => self.field(line),
        }
    }

    /// Whether a byte order mark stands before the line.
    fn has_bom(&self, line: &Line) -> bool {
        let bom = self.policy.text.bom;
        !bom.is_empty() && line.span().start == bom.end
    }

    /// Notes the known fields that a sender does not see in a line which holds several for others.
    fn note_lost_lines(&mut self, line: &Line) {
        if let Some(stray) = self.stray {
            for known in FieldName::ALL {
                self.overlook(known, "pol-eol-cr", stray);
            }
        } else if let Some(known) = is_meant(self.policy.of(line.content())) {
            self.overlook(known, "pol-no-colon", line.content());
        }
    }

    fn overlook(&mut self, known: FieldName, rule: &'static str, span: Span) {
        self.unseen[known as usize].get_or_insert((rule, span));
    }

    fn field(&mut self, line: &Line) {
        let traits = self.traits;
        let name = self.policy.of(line.name());
        // Who passes over white space before and after a name does so over more than spaces and tabs.
        let name = if traits.indent == Stray::Skipped { traits.space.trim(name) } else { name };
        let lenient =
            FieldName::ALL.into_iter().find(|known| name.eq_ignore_ascii_case(known.as_str().as_bytes()));
        let mut known =
            lenient.filter(|known| traits.names == Names::AnyCase || name == known.as_str().as_bytes());
        let mut hidden = if known.is_none() { Some(("pol-field-case", line.name())) } else { None };
        let bom = self.policy.text.bom;
        for (is_there, how, rule, span) in [
            (self.has_bom(line), traits.bom, "pol-bom", bom),
            (!line.indent().is_empty(), traits.indent, "pol-leading-wsp", line.indent()),
            (!line.gap().is_empty(), traits.gap, "pol-wsp-before-colon", line.gap()),
        ] {
            match how {
                _ if !is_there => {}
                Stray::Refused => self.refuse(rule, span),
                Stray::PartOfName => {
                    known = None;
                    hidden = Some((rule, span));
                }
                Stray::Skipped => {}
            }
        }
        if let Some(span) = self.is_swallowed.take() {
            known = None;
            hidden = Some(("pol-no-colon", span));
        }
        if let (None, Some(lenient), Some((rule, span))) = (known, lenient, hidden) {
            self.overlook(lenient, rule, span);
        }
        if self.stray.is_some() {
            self.note_lost_lines(line);
        }
        let raw = self.policy.of(line.value());
        let value = traits.space.trim(raw);
        if !traits.second_colon && value.contains(&b':') {
            self.refuse("pol-ext-colon", line.value());
        }
        if value.is_empty() && traits.empty_refused {
            self.refuse("pol-empty-value", line.name().to(line.delim()));
            return;
        }
        let value = Spanned::new(value, line.value());
        match known {
            None => self.unknown(line, name, raw),
            Some(FieldName::Mx) => self.pattern(value),
            Some(known) => self.once(known, value, line),
        }
    }

    fn unknown(&mut self, line: &Line, name: &[u8], value: &[u8]) {
        if self.traits.names == Names::Grammar && !grammar::is_whole(grammar::ext_name, name) {
            self.refuse("pol-bad-field-name", line.name());
        }
        let value = self.traits.space.trim(value);
        if self.traits.controls_refused && value.iter().any(u8::is_ascii_control) {
            self.refuse("pol-control-char", line.value());
        }
    }

    /// A field that counts once.
    fn once(&mut self, known: FieldName, value: Value<'a>, line: &Line) {
        let slot = |seen: &mut Seen<'a>| -> Option<Value<'a>> {
            let slot = match known {
                FieldName::Version => &mut seen.version,
                FieldName::Mode => &mut seen.mode,
                FieldName::MaxAge | FieldName::Mx => &mut seen.max_age,
            };
            slot.replace(value)
        };
        let before = slot(&mut self.taken);
        let Some(before) = before else {
            slot(&mut self.first);
            return;
        };
        let repeat = line.content();
        match self.traits.repeats {
            Repeats::Refused => self.refuse("pol-dup-field", repeat),
            Repeats::Last { checked } => {
                if before.value != value.value {
                    self.cause("pol-dup-field", repeat, false);
                }
                if checked && !self.is_good(known, before.value) {
                    self.refuse(bad_first(known), before.span);
                }
            }
            Repeats::First { checked } => {
                if checked && !self.is_good(known, value.value) {
                    self.refuse("pol-dup-field", repeat);
                }
                let first = match known {
                    FieldName::Version => &mut self.taken.version,
                    FieldName::Mode => &mut self.taken.mode,
                    FieldName::MaxAge | FieldName::Mx => &mut self.taken.max_age,
                };
                *first = Some(before);
            }
        }
    }

    fn is_good(&self, known: FieldName, value: &[u8]) -> bool {
        match known {
            FieldName::Version => self.is_version(value),
            FieldName::Mode => self.mode(value).is_some(),
            FieldName::MaxAge | FieldName::Mx => self.max_age(value).is_some(),
        }
    }

    fn is_version(&self, value: &[u8]) -> bool {
        value == b"STSv1" || (self.traits.version_any_case && value.eq_ignore_ascii_case(b"STSv1"))
    }

    fn mode(&self, value: &[u8]) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| {
            let literal = mode.as_str().as_bytes();
            value == literal || (self.traits.mode_any_case && value.eq_ignore_ascii_case(literal))
        })
    }

    /// The lifetime, if the sender takes this value.
    fn max_age(&self, value: &[u8]) -> Option<u64> {
        let traits = self.traits;
        let seconds = traits.number.read(value).filter(|seconds| *seconds >= traits.least)?;
        match traits.most {
            Some((most, Beyond::Refused)) if seconds > most => None,
            Some((most, Beyond::Cut)) => Some(seconds.min(most)),
            _ => Some(seconds),
        }
    }

    fn pattern(&mut self, value: Value<'a>) {
        if let MxSyntax::Grammar { ipv4, long_labels, long_names } = self.traits.mx
            && (self.policy.mx_odd.has_fault() || value.value.is_empty())
            && let Err(fault) = self.read_pattern(value)
        {
            let is_taken = match fault {
                MxFault::IpLiteral => ipv4 && !value.value.iter().any(|b| matches!(b, b'[' | b':')),
                MxFault::LabelTooLong => long_labels,
                MxFault::NameTooLong => long_names,
                _ => false,
            };
            if !is_taken {
                self.refuse(fault.rule(), value.span);
            }
        }
        if value.value.is_empty() && self.traits.empty_mx_ignored {
            return;
        }
        let text = lossy(value.value);
        let text = match &self.traits.mx {
            MxSyntax::AnyInALabels if !text.is_ascii() => {
                self.cause(MxFault::ULabel.rule(), value.span, false);
                Domain::to_a_labels(&text).map_or(text, Cow::Owned)
            }
            _ => text,
        };
        self.mx.push(text);
    }

    /// The pattern at a place, which was read before wherever this sender parts the text as the grammar does.
    fn read_pattern(&self, value: Value<'a>) -> Result<MxPattern<'a>, MxFault> {
        let mx = &self.policy.mx;
        let at = mx.partition_point(|mx| mx.span.start < value.span.start);
        match mx.get(at) {
            Some(mx) if mx.span == value.span && mx.span.len() as usize == value.value.len() => mx.value,
            _ => MxPattern::read(value.value),
        }
    }

    /// What comes of it all.
    fn finish(mut self) -> PolicyReading<'a> {
        self.judge_version();
        let mode = self.judge_mode();
        let max_age = self.judge_max_age();
        self.judge_mx(mode);
        let mut causes = self.causes.0;
        if self.policy.form != Form::Lines && causes.iter().any(|cause| cause.refuses) {
            causes.retain(|cause| cause.subject != Subject::Policy);
            let rule = form_rule(self.policy);
            causes.push(Cause { rule, subject: Subject::Policy, span: None, refuses: true });
        }
        PolicyReading { causes, mode, max_age, mx: self.mx }
    }

    fn judge_version(&mut self) {
        if let Some(value) = self.taken.version {
            if !self.is_version(value.value) {
                self.refuse(repeat_or(value, self.first.version, "pol-version-unsupported"), value.span);
            }
        } else if self.traits.version_required {
            self.missing(FieldName::Version, "pol-version-missing", true);
        }
    }

    fn judge_mode(&mut self) -> Mode {
        let Some(value) = self.taken.mode else {
            self.missing(FieldName::Mode, "pol-mode-missing", self.traits.mode_required);
            return Mode::None;
        };
        let mode = self.mode(value.value);
        if mode.is_none() {
            self.refuse(repeat_or(value, self.first.mode, "pol-mode-invalid"), value.span);
        }
        mode.unwrap_or(Mode::None)
    }

    fn judge_max_age(&mut self) -> u64 {
        let refuses = self.traits.default_max_age.is_none();
        let default = self.traits.default_max_age.unwrap_or_default();
        let Some(value) = self.taken.max_age else {
            self.missing(FieldName::MaxAge, "pol-max-age-missing", refuses);
            return default;
        };
        let read = self.max_age(value.value);
        let strict = MaxAge::read(value.value).map(MaxAge::seconds);
        let rule = match strict {
            None => "pol-max-age-syntax",
            Some(0) => "pol-max-age-zero",
            Some(_) => "pol-max-age-range",
        };
        // Where it reads a number in what is none by the RFC, there is no other reading to differ from.
        if read.is_none() || (strict.is_some() && strict != read) {
            let rule = repeat_or(value, self.first.max_age, rule);
            self.cause(rule, value.span, read.is_none() && refuses);
        }
        read.unwrap_or(default)
    }

    fn judge_mx(&mut self, mode: Mode) {
        if !self.mx.is_empty() {
            // Some lines are patterns to this sender, and some are not.
            if let Some((rule, span)) = self.unseen[FieldName::Mx as usize] {
                self.cause(rule, span, false);
            }
        } else if mode != Mode::None {
            self.missing(FieldName::Mx, "pol-mx-missing", true);
        } else if !self.traits.none_without_mx {
            self.missing(FieldName::Mx, "pol-none-no-mx", true);
        }
    }

    /// A field is missing, or the sender does not see it.
    fn missing(&mut self, known: FieldName, rule: &'static str, refuses: bool) {
        let end = Span::point(self.policy.text.input.len() as u32);
        let (rule, span) = self.unseen[known as usize].unwrap_or((rule, end));
        self.cause(rule, span, refuses);
    }
}

/// The rule about the first value of a field, where a later one would do.
const fn bad_first(known: FieldName) -> &'static str {
    match known {
        FieldName::Version => "pol-version-unsupported",
        FieldName::Mode => "pol-mode-invalid",
        FieldName::MaxAge | FieldName::Mx => "pol-max-age-syntax",
    }
}

/// The rule about a value, or that about repeats if it is not the first.
fn repeat_or(value: Value<'_>, first: Option<Value<'_>>, rule: &'static str) -> &'static str {
    if first.is_some_and(|first| first.span != value.span) { "pol-dup-field" } else { rule }
}

/// A charset that a reply declares.
enum Declared {
    /// None, or that of ASCII.
    Ascii,
    Utf8,
    Latin1,
    Other,
}

fn charset(content_type: &str) -> Declared {
    let parameter = |parameter: &str| {
        let (name, value) = parameter.split_once('=')?;
        let is_it = name.trim().eq_ignore_ascii_case("charset");
        is_it.then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    };
    match content_type.split(';').skip(1).find_map(parameter).as_deref() {
        None | Some("" | "us-ascii" | "ascii") => Declared::Ascii,
        Some("utf-8" | "utf8") => Declared::Utf8,
        Some("iso-8859-1" | "latin-1" | "latin1") => Declared::Latin1,
        Some(_) => Declared::Other,
    }
}

/// The rule about a text that is no policy as a whole.
fn form_rule(policy: &Policy<'_>) -> &'static str {
    match policy.form {
        Form::Lines | Form::Rtf => "pol-no-colon",
        Form::Empty => "pol-empty",
        Form::Html => "pol-html",
        Form::Utf16 if matches!(policy.text.input[0], 0xFE | 0xFF) => "pol-not-utf8",
        Form::Utf16 => "pol-control-char",
    }
}

/// The known field that a line without a colon begins with: `mode=enforce`, `mode enforce`.
fn is_meant(line: &[u8]) -> Option<FieldName> {
    let word = line.iter().position(|b| !(b.is_ascii_alphanumeric() || *b == b'_')).unwrap_or(line.len());
    FieldName::ALL.into_iter().find(|known| line[..word].eq_ignore_ascii_case(known.as_str().as_bytes()))
}

/// The length of a line and of what ends it, where every line boundary of Unicode is one (Python's `splitlines`).
fn unicode_line(rest: &[u8]) -> (usize, usize) {
    let mut at = 0;
    while at < rest.len() {
        let term = match &rest[at..] {
            [b'\r', b'\n', ..] => 2,
            [b'\n' | b'\r' | 0x0B | 0x0C | 0x1C..=0x1E, ..] => 1,
            [0xC2, 0x85, ..] => 2,
            [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
            _ => 0,
        };
        if term > 0 {
            return (at, term);
        }
        at += 1;
    }
    (at, 0)
}
