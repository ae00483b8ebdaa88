//! How a policy host behaves: what it answers, where it lives, and how `curl` proves it.

use crate::servers;

/// A policy host.
pub(crate) enum Host {
    /// nginx, with the policy text as a file.
    Reply(Reply),
    /// Drips the body, a piece a second, and needs [`servers::DRIP_SECONDS`] for it.
    Drip,
    /// Announces a longer body than it sends.
    Cut,
    /// Completes the TLS handshake, takes the request and says nothing.
    Silent,
    /// Accepts the connection and says nothing, not even in the handshake.
    Mute,
    /// Speaks plain HTTP on port 443.
    NotTls,
    /// Nothing listens there.
    Refused,
    /// Has no address.
    Absent,
}

/// What nginx answers for the policy, and with which certificate.
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// `Access-Control-Allow-Origin: *`.
    pub(crate) cors: bool,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) location: Option<&'static str>,
    /// `Cross-Origin-Resource-Policy: same-origin`, which keeps the reply from every other page.
    pub(crate) own_origin_only: bool,
    /// `X-Frame-Options: DENY`, which keeps the reply out of frames.
    pub(crate) unframed: bool,
    pub(crate) certificate: Certificate,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certificate {
    Good,
    WrongName,
    Expired,
    UnknownCa,
}

impl Host {
    /// Where the name of the policy host points.
    pub(crate) fn address(&self) -> Option<&'static str> {
        match self {
            Host::Reply(_) | Host::Drip | Host::Cut | Host::Silent => Some("127.0.0.1"),
            Host::Mute => Some(servers::MUTE),
            Host::NotTls => Some(servers::NOT_TLS),
            Host::Refused => Some(servers::NOBODY),
            Host::Absent => None,
        }
    }

    /// The certificate nginx shows, for hosts that nginx serves.
    pub(crate) fn certificate(&self) -> Option<Certificate> {
        match self {
            Host::Reply(reply) => Some(reply.certificate),
            Host::Drip | Host::Cut | Host::Silent => Some(Certificate::Good),
            Host::Mute | Host::NotTls | Host::Refused | Host::Absent => None,
        }
    }

    /// The nginx locations of this host, a template.
    pub(crate) fn locations(&self) -> String {
        match self {
            Host::Reply(reply) => reply.locations(),
            Host::Drip => proxy(servers::DRIP_PORT),
            Host::Cut => proxy(servers::CUT_PORT),
            Host::Silent => proxy(servers::SILENT_PORT),
            Host::Mute | Host::NotTls | Host::Refused | Host::Absent => String::new(),
        }
    }

    /// What `curl` says of this host: its exit code, then status, content type, size and CORS of the reply.
    pub(crate) fn proof(&self, size: usize) -> String {
        match self {
            Host::Reply(reply) => reply.proof(size),
            Host::Drip => format!("0 200 text/plain {size} cors"),
            Host::Cut => "92".into(), // HTTP/2 stream not closed cleanly
            Host::Silent | Host::Mute => "28".into(), // timed out
            Host::NotTls => "35".into(), // no TLS handshake
            Host::Refused => "7".into(),
            Host::Absent => "6".into(), // no such name
        }
    }

    /// What a script can tell of this host: GET with CORS, the same with `redirect: "manual"`, GET without CORS, the
    /// latter under a policy that allows no other host, and the file in an `<object>` under the same policy.
    /// This is all the page has to go by. `*` may be anything.
    pub(crate) fn probes(&self) -> [String; 5] {
        match self {
            Host::Reply(reply) => reply.probes(),
            // A readable reply is there before its body; an opaque one is held back until the body has been sniffed.
            Host::Drip => ["200", "200", "timeout", "timeout", "*"].map(Into::into),
            Host::Cut => ["200", "200", "opaque", "opaque", "*"].map(Into::into),
            Host::Silent | Host::Mute => ["timeout"; 5].map(Into::into),
            Host::NotTls | Host::Refused | Host::Absent => NO_HTTPS.map(Into::into),
        }
    }

    /// The other origin that a browser is sent to.
    pub(crate) fn redirects_to(&self) -> Option<&'static str> {
        match self {
            Host::Reply(reply) => reply.redirects_to(),
            _ => None,
        }
    }
}

/// What a script can tell where there is no HTTPS it could use.
const NO_HTTPS: [&str; 5] = ["fail", "fail", "fail", "fail", "error"];

impl Reply {
    fn locations(&self) -> String {
        let cors = if self.cors { "add_header Access-Control-Allow-Origin * always;" } else { "" };
        let own =
            if self.own_origin_only { "add_header Cross-Origin-Resource-Policy same-origin;" } else { "" };
        let unframed = if self.unframed { "add_header X-Frame-Options DENY;" } else { "" };
        let answer = match (self.location, self.status) {
            (Some(location), status) => format!("return {status} {location};"),
            // An empty type is the way to have nginx send no Content-Type at all.
            (None, 200) => {
                format!("default_type \"{}\"; root @RUN@/hosts/$host;", self.content_type.unwrap_or_default())
            }
            (None, status) => format!("default_type text/html; return {status} \"<h1>{status}</h1>\";"),
        };
        format!(
            "location = /.well-known/mta-sts.txt {{ types {{ }} {cors} {own} {unframed} {answer} }}
             location = /policy.txt {{ {cors} alias @RUN@/hosts/$host/.well-known/mta-sts.txt; }}"
        )
    }

    fn proof(&self, size: usize) -> String {
        if self.certificate != Certificate::Good {
            return "60".into();
        }
        let is_file = self.status == 200;
        let kind = if is_file { self.content_type.unwrap_or("-") } else { "text/html" };
        let size = if is_file { size.to_string() } else { "*".into() };
        let cors = if self.cors { "cors" } else { "-" };
        format!("0 {} {kind} {size} {cors}", self.status)
    }

    fn probes(&self) -> [String; 5] {
        if self.certificate != Certificate::Good {
            return NO_HTTPS.map(Into::into);
        }
        let (followed, manual) = match (self.cors, self.location) {
            (false, _) => ("fail".into(), "fail".into()),
            (true, Some(_)) => ("200".into(), "opaqueredirect".into()),
            (true, None) => (self.status.to_string(), self.status.to_string()),
        };
        // Nothing listens on port 80, and from a page over HTTPS it would be mixed content.
        let to_plain_http = self.location.is_some_and(|location| location.starts_with("http:"));
        let no_cors = if self.own_origin_only || to_plain_http { "fail" } else { "opaque" };
        let elsewhere = self.redirects_to().is_some();
        let framed = if elsewhere { "violation" } else { no_cors };
        let object = match self.content_type {
            _ if elsewhere || self.unframed || self.status >= 400 => "error",
            Some("application/octet-stream") => "timeout", // it is offered for download
            _ => "load",
        };
        [followed, manual, no_cors.into(), framed.into(), object.into()]
    }

    fn redirects_to(&self) -> Option<&'static str> {
        let url = self.location?;
        let host = url.find("://")? + "://".len();
        let end = url[host..].find('/').map_or(url.len(), |length| host + length);
        Some(&url[..end])
    }
}

impl Default for Reply {
    fn default() -> Self {
        Self {
            status: 200,
            cors: true,
            content_type: Some("text/plain"),
            location: None,
            own_origin_only: false,
            unframed: false,
            certificate: Certificate::Good,
        }
    }
}

impl Reply {
    pub(crate) fn without_cors(self) -> Self {
        Self { cors: false, ..self }
    }
    pub(crate) fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }
    pub(crate) fn content_type(self, content_type: Option<&'static str>) -> Self {
        Self { content_type, ..self }
    }
    pub(crate) fn redirect(self, location: &'static str) -> Self {
        Self { status: 301, location: Some(location), ..self }
    }
    pub(crate) fn own_origin_only(self) -> Self {
        Self { own_origin_only: true, cors: false, ..self }
    }
    pub(crate) fn unframed(self) -> Self {
        Self { unframed: true, ..self }
    }
    pub(crate) fn certificate(self, certificate: Certificate) -> Self {
        Self { certificate, ..self }
    }
}

fn proxy(port: u16) -> String {
    format!(
        "location / {{ proxy_buffering off; proxy_read_timeout 600s; proxy_pass http://127.0.0.1:{port}; }}"
    )
}
