//! Servers and hosts that can serve the policy: their files, from templates, and what to do in words.

use super::{TxtToPublish, joined};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use serde::Serialize;

/// A server or host that can serve the policy.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Target {
    /// Which one.
    pub name: TargetName,
    /// Its name as people write it.
    pub title: &'static str,
    /// Its files.
    pub files: Vec<File>,
    /// What to do with them, in order, before the steps that all targets have in common.
    pub steps: Vec<Step>,
}

/// Which server or host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum TargetName {
    /// nginx.
    Nginx,
    /// Apache httpd.
    Apache,
    /// Caddy.
    Caddy,
    /// A Cloudflare Worker.
    CloudflareWorker,
    /// GitHub Pages.
    GithubPages,
    /// Netlify.
    Netlify,
}

/// A file to put in place.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct File {
    /// Where it goes: from the root of the machine for a server, from the root of a repository for a host.
    pub path: String,
    /// Its whole content.
    pub content: String,
    /// What it is for.
    pub purpose: &'static str,
}

/// One thing to do.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Step {
    /// What to do, and why.
    pub text: String,
    /// A command that does it, ready to paste into a shell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// What templates are filled with. A domain has letters, digits, hyphens and dots only, and a policy no more than colons,
/// spaces and line ends besides: nothing has to be escaped anywhere. Nothing else goes through a template.
pub(super) struct Names<'a> {
    domain: &'a str,
    policy: &'a str,
}

impl<'a> Names<'a> {
    pub(super) const fn new(domain: &'a str, policy: &'a str) -> Self {
        Self { domain, policy }
    }

    /// A template with each `@name@` in it filled in. What is filled in is not looked at again.
    pub(super) fn fill(&self, template: &str) -> String {
        let mut filled = String::new();
        for (at, piece) in template.split('@').enumerate() {
            match piece {
                "domain" if at % 2 == 1 => filled.push_str(self.domain),
                "host" if at % 2 == 1 => filled.push_str(&joined(&["mta-sts.", self.domain])),
                "policy" if at % 2 == 1 => filled.push_str(self.policy),
                // One string a line: an indented paste is still the same policy.
                "lines" if at % 2 == 1 => {
                    for line in self.policy.split('\n') {
                        filled.push_str(&joined(&["  \"", line, "\",\n"]));
                    }
                }
                "worker" if at % 2 == 1 => filled.push_str(&self.worker()),
                text => filled.push_str(text),
            }
        }
        filled
    }

    /// A name for the Worker: letters, digits and hyphens, 63 at most.
    fn worker(&self) -> String {
        let mut name = format!("mta-sts-{}", self.domain.replace('.', "-"));
        name.truncate(63);
        name.truncate(name.trim_end_matches('-').len());
        name
    }

    fn steps(&self, templates: &[(&str, &str)]) -> Vec<Step> {
        let step = |(text, command): &(&str, &str)| Step {
            text: self.fill(text),
            command: (!command.is_empty()).then(|| self.fill(command)),
        };
        templates.iter().map(step).collect()
    }
}

/// A [`Target`] to be filled in.
struct Template {
    name: TargetName,
    title: &'static str,
    /// Path, content and purpose of each file.
    files: &'static [(&'static str, &'static str, &'static str)],
    /// Text and command of each step.
    steps: &'static [(&'static str, &'static str)],
}

const POLICY: &str = "@policy@";
const THE_POLICY: &str = "the policy";
const ON_A_SERVER: &str = "var/www/@host@/.well-known/mta-sts.txt";
const ADDRESS: &str = "create A and AAAA records at `@host@` with the addresses of this server";

static TEMPLATES: [Template; 6] = [
    Template {
        name: TargetName::Nginx,
        title: "nginx",
        files: &[
            (ON_A_SERVER, POLICY, THE_POLICY),
            ("etc/nginx/conf.d/@host@.conf", include_str!("templates/nginx.conf"), "the server block"),
        ],
        steps: &[
            (ADDRESS, ""),
            ("get a certificate for that name", "certbot certonly --nginx -d @host@"),
            (
                "put both files in their places and load them; should nginx ask for it, a long name needs \
                 `server_names_hash_bucket_size 512;` in the block `http`",
                "nginx -t && systemctl reload nginx",
            ),
        ],
    },
    Template {
        name: TargetName::Apache,
        title: "Apache",
        files: &[
            (ON_A_SERVER, POLICY, THE_POLICY),
            (
                "etc/apache2/sites-available/@host@.conf",
                include_str!("templates/apache.conf"),
                "the virtual host",
            ),
        ],
        steps: &[
            (ADDRESS, ""),
            ("get a certificate for that name", "certbot certonly --apache -d @host@"),
            (
                "put both files in their places and load them (`a2enmod` and `a2ensite` are Debian's)",
                "a2enmod ssl headers && a2ensite @host@ && apachectl configtest && systemctl reload apache2",
            ),
        ],
    },
    Template {
        name: TargetName::Caddy,
        title: "Caddy",
        files: &[
            (ON_A_SERVER, POLICY, THE_POLICY),
            ("etc/caddy/@host@.caddy", include_str!("templates/site.caddy"), "the site"),
        ],
        steps: &[
            (
                "create A and AAAA records at `@host@` with the addresses of this server: Caddy then gets the certificate",
                "",
            ),
            (
                "put both files in their places, add the line `import @host@.caddy` to `/etc/caddy/Caddyfile`, and load it",
                "caddy validate --config /etc/caddy/Caddyfile && systemctl reload caddy",
            ),
        ],
    },
    Template {
        name: TargetName::CloudflareWorker,
        title: "Cloudflare Worker",
        files: &[
            ("worker.js", include_str!("templates/worker.js"), "the Worker, with the policy in it"),
            ("wrangler.toml", include_str!("templates/wrangler.toml"), "where it answers"),
        ],
        steps: &[
            (
                "deploy it: as a custom domain `@host@` gets its address and its certificate from Cloudflare, whose zone the \
                 domain has to be; a route `@host@/.well-known/mta-sts.txt` needs a proxied address record of your own",
                "npx wrangler deploy",
            ),
            (
                "leave bot protection, Access and redirect rules off for `@host@`: mail servers pass none of them",
                "",
            ),
        ],
    },
    Template {
        name: TargetName::GithubPages,
        title: "GitHub Pages",
        files: &[
            (".well-known/mta-sts.txt", POLICY, THE_POLICY),
            (".nojekyll", "", "keeps Jekyll away, which leaves out folders that begin with a dot"),
            ("CNAME", "@host@\n", "the name the site answers to"),
        ],
        steps: &[
            ("create a CNAME record at `@host@` that leads to `YOUR-ACCOUNT.github.io`", ""),
            (
                "put the files at the root of a public repository and publish it from its branch (Settings, Pages); a workflow \
                 with `upload-pages-artifact` needs `include-hidden-files: true`, and a site that Jekyll has to build \
                 needs `include: [\".well-known\"]` in its `_config.yml`",
                "",
            ),
            (
                "wait for the certificate of `@host@` (Settings, Pages); checkers in a browser can read the policy, since \
                 Pages sends `Access-Control-Allow-Origin: *` by itself",
                "",
            ),
        ],
    },
    Template {
        name: TargetName::Netlify,
        title: "Netlify",
        files: &[
            ("public/.well-known/mta-sts.txt", POLICY, THE_POLICY),
            ("public/_headers", include_str!("templates/_headers"), "the headers of the policy"),
            ("netlify.toml", include_str!("templates/netlify.toml"), "which folder is the site"),
        ],
        steps: &[
            ("create a CNAME record at `@host@` that leads to `YOUR-SITE.netlify.app`", ""),
            (
                "deploy the repository, add `@host@` to the domains of the site, and wait for its certificate; no redirect \
                 rule may apply there",
                "",
            ),
        ],
    },
];

/// Every target, its templates filled in.
pub(super) fn all(names: &Names<'_>) -> Vec<Target> {
    let target = |template: &Template| Target {
        name: template.name,
        title: template.title,
        files: template
            .files
            .iter()
            .map(|(path, content, purpose)| File {
                path: names.fill(path),
                content: names.fill(content),
                purpose,
            })
            .collect(),
        steps: names.steps(template.steps),
    };
    TEMPLATES.iter().map(target).collect()
}

/// What is left to do once the policy is in place: the record comes last (RFC 8461 §8.1).
pub(super) fn steps(
    names: &Names<'_>,
    mx: &[String],
    record: &TxtToPublish,
    tlsrpt: Option<&TxtToPublish>,
) -> Vec<Step> {
    let reports = match tlsrpt {
        Some(tlsrpt) => joined(&["publish ", &tlsrpt.words, ", so that reports come in from the first day"]),
        None => names.fill(
            "unless there is one, publish a TLSRPT record at `_smtp._tls.@domain@` too: without reports nobody \
             tells you of failures (RFC 8460 §3)",
        ),
    };
    let publish = joined(&[
        "then, and not before, publish ",
        &record.words,
        ": a sender that sees a new id fetches the policy at once and keeps what it finds (RFC 8461 §8.1)",
    ]);
    let lint = "curl -s https://@host@/.well-known/mta-sts.txt | mta-sts lint --domain @domain@ --mx ";
    let step = |text: String, command: Option<String>| Step { text, command };
    vec![
        step(
            "see that the policy is there: HTTPS with a valid certificate, status 200 without a redirect, \
             `Content-Type: text/plain`, and this text to the letter"
                .into(),
            Some(names.fill("curl -si https://@host@/.well-known/mta-sts.txt")),
        ),
        step("hold it against the MX hosts".into(), Some(joined(&[&names.fill(lint), &mx.join(",")]))),
        step(reports, None),
        step(publish, None),
        step("see what resolvers answer".into(), Some(names.fill("dig +short TXT _mta-sts.@domain@"))),
    ]
}
