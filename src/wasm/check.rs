//! The check of a domain. JavaScript sends the requests: it has `fetch`.

use super::fault;
use crate::dns::Resolver;
use crate::evidence::Evidence;
use crate::fetch::{Failure, Fetching, Probed, Request, RequestKind, Response};
use crate::gather::{Progress, Step};
use crate::model::{Domain, Note, TypedDomain};
use crate::render::json;
use crate::report::{self, OffsetUnit, StopId};
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

/// One run.
#[wasm_bindgen]
pub struct Check {
    /// What is being fetched, or JSON that says why nothing is.
    state: Result<Fetching, String>,
    notes: Vec<Note>,
}

/// What to do next.
#[derive(Serialize)]
struct Next {
    progress: Vec<ProgressReport>,
    requests: Vec<RequestReport>,
}

#[derive(Serialize)]
struct ProgressReport {
    stop: StopId,
    state: &'static str,
}

#[derive(Serialize)]
struct RequestReport {
    id: u32,
    kind: &'static str,
    url: String,
    timeout: u32,
    limit: u32,
}

#[wasm_bindgen]
impl Check {
    /// Begins with the domain that somebody typed, a policy text where it cannot be fetched, the resolvers, one a line,
    /// and how long the policy host may take, in milliseconds.
    #[wasm_bindgen(constructor)]
    pub fn new(domain: &str, policy: Option<String>, resolvers: &str, timeout: u32) -> Self {
        Self::begun(domain, resolvers, |domain, resolvers| {
            Fetching::of(domain, policy.as_deref().map(str::as_bytes), resolvers, timeout)
        })
    }

    /// Begins to look up the MX hosts, and no more.
    pub fn mx(domain: &str, resolvers: &str) -> Self {
        Self::begun(domain, resolvers, Fetching::mx_of)
    }

    /// What happened, and the requests to send.
    pub fn next(&mut self) -> String {
        match &mut self.state {
            Ok(fetching) => json(&Next {
                progress: fetching.progress().into_iter().map(ProgressReport::from).collect(),
                requests: fetching.requests().into_iter().map(RequestReport::from).collect(),
            }),
            Err(fault) => fault.clone(),
        }
    }

    /// Takes a reply, its headers empty where there are none, its status 0 where it is a redirect of which no more can be
    /// seen.
    #[expect(
        clippy::too_many_arguments,
        reason = "a type of its own would be code on both sides of the boundary"
    )]
    pub fn replied(
        &mut self,
        id: u32,
        status: u16,
        content_type: &str,
        location: &str,
        age: &str,
        body: &[u8],
        millis: u32,
    ) {
        if let Ok(fetching) = &mut self.state {
            fetching.replied(id as usize, &Response { status, content_type, location, age, body }, millis);
        }
    }

    /// Takes a failure: `timeout`, `cut-short`, or any other for no reply.
    pub fn failed(&mut self, id: u32, failure: &str, millis: u32) {
        let failure = match failure {
            "timeout" => Failure::Timeout,
            "cut-short" => Failure::CutShort,
            _ => Failure::NoReply,
        };
        if let Ok(fetching) = &mut self.state {
            fetching.failed(id as usize, failure, millis);
        }
    }

    /// Takes what a probe found, and whether a reply came.
    pub fn probed(&mut self, id: u32, replied: bool, finding: &str) {
        let probed = match finding {
            // A redirect to a host that cannot be reached, or to plain HTTP, is one even if no reply came.
            "off-host-redirect" => Probed::Redirect,
            "http-error" if replied => Probed::HttpError,
            _ if replied => Probed::Reply,
            _ => Probed::Nothing,
        };
        if let Ok(fetching) = &mut self.state {
            fetching.probed(id as usize, probed);
        }
    }

    /// The report, once no request is left.
    pub fn report(self) -> String {
        self.said(|evidence| json(&crate::review(evidence, OffsetUnit::Utf16)))
    }

    /// The MX hosts, once no request is left.
    pub fn mx_report(self) -> String {
        self.said(|evidence| json(&report::mx(evidence)))
    }
}

impl Check {
    fn begun(domain: &str, resolvers: &str, begin: impl FnOnce(&Domain, Vec<Resolver>) -> Fetching) -> Self {
        match read(domain, resolvers) {
            Ok((typed, resolvers)) => Self { state: Ok(begin(&typed.domain, resolvers)), notes: typed.notes },
            Err(fault) => Self { state: Err(fault), notes: Vec::new() },
        }
    }

    fn said(self, say: impl FnOnce(&Evidence) -> String) -> String {
        match self.state {
            Ok(fetching) => say(&Evidence { notes: self.notes, ..fetching.evidence() }),
            Err(fault) => fault,
        }
    }
}

fn read(domain: &str, resolvers: &str) -> Result<(TypedDomain, Vec<Resolver>), String> {
    let mut list = Vec::new();
    for url in resolvers.lines() {
        list.push(Resolver::read(url).map_err(|error| fault(&error))?);
    }
    let typed = Domain::typed(domain).map_err(|error| fault(&error))?;
    Ok((typed, list))
}

impl From<Progress> for ProgressReport {
    fn from(Progress { step, done }: Progress) -> Self {
        let stop = match step {
            Step::Record => StopId::Record,
            Step::PolicyHost => StopId::PolicyHost,
            Step::Policy => StopId::Policy,
            Step::Mx => StopId::Mx,
            Step::Reports => StopId::Reports,
        };
        Self { stop, state: if done { "done" } else { "asking" } }
    }
}

impl From<Request> for RequestReport {
    fn from(request: Request) -> Self {
        let kind = match request.kind {
            RequestKind::Dns => "dns",
            RequestKind::Policy => "policy",
            RequestKind::Probe => "probe",
        };
        Self {
            id: request.id as u32,
            kind,
            url: request.url,
            timeout: request.timeout,
            limit: request.limit as u32,
        }
    }
}
