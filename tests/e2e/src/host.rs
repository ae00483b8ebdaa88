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
    pub(crate) certificate: Certificate,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certificate {
    Good,
    WrongName,
    Expired,
    UnknownCa,
}

impl Default for Reply {
    fn default() -> Self {
        Self {
            status: 200,
            cors: true,
            content_type: Some("text/plain"),
            location: None,
            own_origin_only: false,
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
    pub(crate) fn certificate(self, certificate: Certificate) -> Self {
        Self { certificate, ..self }
    }
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
        let reply = match self {
            Host::Reply(reply) => reply,
            Host::Drip => return proxy(servers::DRIP_PORT),
            Host::Cut => return proxy(servers::CUT_PORT),
            Host::Silent => return proxy(servers::SILENT_PORT),
            Host::Mute | Host::NotTls | Host::Refused | Host::Absent => return String::new(),
        };
        let cors = if reply.cors { ALLOW_ORIGIN } else { "" };
        let own =
            if reply.own_origin_only { "add_header Cross-Origin-Resource-Policy same-origin;" } else { "" };
        let rest = match (reply.location, reply.status, reply.content_type) {
            (Some(location), status, _) => format!("return {status} {location};"),
            (None, 200, Some(kind)) => {
                format!("types {{ }} default_type {kind}; root @RUN@/hosts/$host;")
            }
            // An empty type is the way to have nginx send no Content-Type at all.
            (None, 200, None) => "types { } default_type \"\"; root @RUN@/hosts/$host;".into(),
            (None, status, _) => {
                format!("types {{ }} default_type text/html; return {status} \"<h1>{status}</h1>\";")
            }
        };
        let moved =
            format!("location = /policy.txt {{ {cors} alias @RUN@/hosts/$host/.well-known/mta-sts.txt; }}");
        format!("location = /.well-known/mta-sts.txt {{ {cors} {own} {rest} }} {moved}")
    }

    /// What `curl` says of this host: its exit code, then status, content type, size and CORS of the reply.
    pub(crate) fn proof(&self, size: usize) -> String {
        let reply = match self {
            Host::Reply(reply) => reply,
            Host::Drip => return format!("0 200 text/plain {size} cors"),
            Host::Cut => return "92".into(), // HTTP/2 stream not closed cleanly
            Host::Silent | Host::Mute => return "28".into(), // timed out
            Host::NotTls => return "35".into(), // no TLS handshake
            Host::Refused => return "7".into(),
            Host::Absent => return "6".into(), // no such name
        };
        if reply.certificate != Certificate::Good {
            return "60".into();
        }
        let kind = if reply.status == 200 { reply.content_type.unwrap_or("-") } else { "text/html" };
        let size = match (reply.location, reply.status) {
            (None, 200) => size.to_string(),
            _ => "*".into(),
        };
        let cors = if reply.cors { "cors" } else { "-" };
        format!("0 {} {kind} {size} {cors}", reply.status)
    }
}

impl Host {
    /// The other host that a browser is sent to.
    pub(crate) fn redirects_to(&self) -> Option<&'static str> {
        let Host::Reply(Reply { location: Some(location), .. }) = self else { return None };
        let (_, rest) = location.split_once("://")?;
        rest.split('/').next()
    }

    /// What a script can tell of this host: GET with CORS, the same with `redirect: "manual"`, GET without CORS, the
    /// latter under a policy that allows no other host, and the file in an `<object>` under the same policy.
    /// This is all the page has to go by.
    pub(crate) fn probes(&self) -> [&'static str; 5] {
        let reply = match self {
            Host::Reply(reply) => reply,
            // A readable reply is there before its body; an opaque one is held back until the body has been sniffed.
            Host::Drip => return ["200", "200", "timeout", "timeout", "*"],
            Host::Cut => return ["200", "200", "opaque", "opaque", "*"],
            Host::Silent | Host::Mute => return ["timeout", "timeout", "timeout", "timeout", "timeout"],
            Host::NotTls | Host::Refused | Host::Absent => return ["fail", "fail", "fail", "fail", "error"],
        };
        let off_host = self.redirects_to().is_some();
        match reply {
            Reply { own_origin_only: true, .. } => ["fail", "fail", "fail", "fail", "load"],
            Reply { certificate: Certificate::Good, .. } if off_host && reply.cors => {
                ["200", "opaqueredirect", "opaque", "violation", "error"]
            }
            // Nothing listens on port 80, and from a page over HTTPS it would be mixed content.
            Reply { location: Some(location), .. } if location.starts_with("http:") => {
                ["fail", "fail", "fail", "violation", "error"]
            }
            Reply { certificate: Certificate::Good, .. } if off_host => {
                ["fail", "fail", "opaque", "violation", "error"]
            }
            Reply { certificate: Certificate::Good, location: Some(_), cors: true, .. } => {
                ["200", "opaqueredirect", "opaque", "opaque", "load"]
            }
            Reply { certificate: Certificate::Good, cors: false, status, .. } => {
                ["fail", "fail", "opaque", "opaque", if *status >= 400 { "error" } else { "load" }]
            }
            Reply { certificate: Certificate::Good, status: 404, .. } => {
                ["404", "404", "opaque", "opaque", "error"]
            }
            Reply { certificate: Certificate::Good, status: 500, .. } => {
                ["500", "500", "opaque", "opaque", "error"]
            }
            // A type the browser does not display is offered for download, and says nothing.
            Reply { certificate: Certificate::Good, content_type, .. } => [
                "200",
                "200",
                "opaque",
                "opaque",
                if *content_type == Some("application/octet-stream") { "timeout" } else { "load" },
            ],
            Reply { .. } => ["fail", "fail", "fail", "fail", "error"],
        }
    }
}

/// Lets a script of any origin read the reply.
const ALLOW_ORIGIN: &str = "add_header Access-Control-Allow-Origin * always;";

fn proxy(port: u16) -> String {
    format!(
        "location / {{ proxy_buffering off; proxy_read_timeout 600s; proxy_pass http://127.0.0.1:{port}; }}"
    )
}
