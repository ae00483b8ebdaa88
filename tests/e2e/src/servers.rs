//! The servers of the world: nginx for everything that speaks HTTPS, and threads for the hosts that misbehave below HTTP.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::host::Host;
use crate::scenarios::Scenario;

/// Accepts connections and says nothing.
pub(crate) const MUTE: &str = "127.0.0.5";
/// Answers a TLS handshake with plain HTTP.
pub(crate) const NOT_TLS: &str = "127.0.0.6";
/// Nothing listens here.
pub(crate) const NOBODY: &str = "127.0.0.9";

pub(crate) const DRIP_PORT: u16 = 9001;
pub(crate) const CUT_PORT: u16 = 9002;
pub(crate) const SILENT_PORT: u16 = 9003;

/// How long a dripped body takes: longer than the most impatient senders wait, shorter than the RFC's minute.
pub(crate) const DRIP_SECONDS: usize = 6;

/// Resolvers, each with the nginx directives that make it what it is. The first two are the page's own defaults: it
/// is tested as a visitor gets it.
pub(crate) const RESOLVERS: &[(&str, &str)] = &[
    ("cloudflare-dns.com", DOH_WITH_CORS),
    ("dns.google", DOH_WITH_CORS),
    ("doh.test", DOH_WITH_CORS),
    ("doh2.test", DOH_WITH_CORS),
    ("doh-no-cors.test", DOH),
    (
        "doh-page.test",
        "add_header Access-Control-Allow-Origin *; default_type text/html; return 200 '<h1>Hello</h1>';",
    ),
    ("doh-silent.test", "proxy_pass http://127.0.0.1:9003;"),
];
/// A resolver where nothing listens.
pub(crate) const RESOLVER_DEAD: &str = "doh-dead.test";
/// The page over HTTPS.
pub(crate) const APP: &str = "app.test";

/// A site of somebody else, which has the widget in its pages.
pub(crate) const EMBEDDER: &str = "embedder.test";

/// One run: a folder that holds everything, and is gone with it.
pub(crate) struct Run {
    pub(crate) dir: PathBuf,
}

impl Run {
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Writes a file of the run, making its folders.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> Result<()> {
        let path = self.path(name);
        fs::create_dir_all(path.parent().context("a file has a folder")?)?;
        fs::write(&path, text).with_context(|| path.display().to_string())
    }

    /// Fills in a template's names, in order, and then the folder of the run.
    pub(crate) fn fill(&self, template: &str, with: &[(&str, &str)]) -> String {
        let filled = with.iter().fold(template.to_owned(), |text, (name, value)| text.replace(name, value));
        filled.replace("@RUN@", &self.dir.display().to_string())
    }

    /// Starts a server that lives as long as the namespace, unless it is ended before; its output goes to a log of the
    /// run.
    pub(crate) fn start(&self, name: &str, command: &mut Command, ports: &[(&str, u16)]) -> Result<Child> {
        let log = fs::File::create(self.path(&format!("{name}.log")))?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{name} cannot be started; is it installed?"))?;
        let deadline = Instant::now() + Duration::from_secs(20);
        for port in ports {
            while TcpStream::connect(*port).is_err() {
                if child.try_wait()?.is_some() || Instant::now() > deadline {
                    bail!(
                        "{name} does not listen on {port:?}:\n{}",
                        fs::read_to_string(self.path(&format!("{name}.log")))?
                    );
                }
                thread::sleep(Duration::from_millis(20));
            }
        }
        Ok(child)
    }
}

/// Runs a command to its end and returns what it printed; its failure is an error with its output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let out = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(out.status.success(), "{command:?}: {}\n{}", out.status, String::from_utf8_lossy(&out.stderr));
    Ok(String::from_utf8(out.stdout)?)
}

/// Starts nginx with every HTTPS host of the world, and the page from `site`.
pub(crate) fn nginx(run: &Run, scenarios: &[Scenario], site: &Path) -> Result<()> {
    let mut servers = String::new();
    for (name, directives) in RESOLVERS {
        servers += &server(name, &format!("location = /dns-query {{ {directives} }}"));
    }
    for scenario in scenarios {
        if scenario.host.certificate().is_some() {
            let host = scenario.policy_host();
            run.write(&format!("hosts/{host}/.well-known/mta-sts.txt"), &scenario.policy)?;
            servers += &server(&host, &scenario.host.locations());
        }
    }
    let page = page(site)?;
    writeln!(servers, "server {{ listen 127.0.0.1:8000; {page} }}")?;
    servers += &server(APP, &page);
    servers += &server(EMBEDDER, &embedder()?);
    for folder in EMBEDDED {
        fs::create_dir_all(run.path("embedder").join(folder))?;
    }

    fs::create_dir_all(run.path("nginx"))?;
    run.write("nginx.conf", run.fill(include_str!("../templates/nginx.conf"), &[("@SERVERS@", &servers)]))?;
    run.start(
        "nginx",
        Command::new("nginx").arg("-p").arg(&run.dir).arg("-c").arg(run.path("nginx.conf")),
        &[("127.0.0.1", 443), ("127.0.0.1", 8000)],
    )
    .map(drop)
}

/// Folders of pages with the widget, which the tests write: with any policy, and with those that its README gives.
const EMBEDDED: [&str; 3] = ["open", "strict", "stricter"];

/// Somebody else's pages, with the policies for theirs as the README of the npm package has them.
fn embedder() -> Result<String> {
    let mut policies = include_str!("../../../pkg/README.md")
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Content-Security-Policy: "))
        .map(|policy| policy.replace("https://check.example", &format!("https://{APP}")));
    // A browser asks for an icon whenever it likes.
    let mut directives =
        "root @RUN@/embedder; charset utf-8; location = /favicon.ico { return 204; }".to_owned();
    for folder in &EMBEDDED[1..] {
        let policy = policies.next().with_context(|| format!("the README has no policy for {folder}"))?;
        let policy = policy.replace("example.com", "good.test");
        write!(directives, " location /{folder}/ {{ add_header Content-Security-Policy \"{policy}\"; }}")?;
    }
    Ok(directives)
}

/// BIND speaks plain HTTP/2 only, which is what gRPC is made of.
pub(crate) const DOH: &str = "grpc_pass grpc://127.0.0.1:5380;";
pub(crate) const DOH_WITH_CORS: &str =
    "grpc_pass grpc://127.0.0.1:5380; add_header Access-Control-Allow-Origin * always;";

fn server(name: &str, inside: &str) -> String {
    format!(
        "server {{ listen 127.0.0.1:443 ssl http2; server_name {name}; ssl_certificate @RUN@/pki/{name}.crt; {inside} }}\n"
    )
}

/// The page as it is deployed: its files, with the headers its own `_headers` file asks for.
fn page(site: &Path) -> Result<String> {
    // Compressed, as by any static host.
    let mut directives = format!(
        "root {}; index index.html; gzip on; gzip_types text/css text/javascript application/javascript application/wasm \
         application/json application/manifest+json image/svg+xml;",
        site.display()
    );
    let Ok(headers) = fs::read_to_string(site.join("_headers")) else {
        return Ok(directives); // the world alone does not need the page
    };
    // `_headers`: a line with a path pattern, then its headers, indented. nginx inherits `add_header` only into
    // places that add none of their own, so each place repeats what holds everywhere.
    let mut everywhere = String::new();
    let mut places: Vec<(String, String)> = Vec::new();
    for line in headers.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if !line.starts_with([' ', '\t']) {
            places.push((line.trim().to_owned(), String::new()));
            continue;
        }
        let (name, value) = line.trim().split_once(':').with_context(|| format!("_headers: {line}"))?;
        let (path, place) =
            places.last_mut().with_context(|| format!("_headers: {line} belongs to no path"))?;
        let target = if path == "/*" { &mut everywhere } else { place };
        write!(target, "add_header {name} \"{}\" always; ", value.trim().replace('"', "\\\""))?;
    }
    write!(directives, " {everywhere}")?;
    for (path, headers) in places.iter().filter(|(path, _)| path != "/*") {
        let place = match path.strip_suffix('*') {
            Some(prefix) => format!("^~ {prefix}"),
            None => format!("= {path}"),
        };
        write!(directives, "location {place} {{ {everywhere}{headers}}} ")?;
    }
    Ok(directives)
}

/// Starts the hosts that nginx is too well-behaved to play.
pub(crate) fn misfits(scenarios: &[Scenario]) -> Result<()> {
    for scenario in scenarios {
        let body = scenario.policy.clone();
        match scenario.host {
            Host::Drip => listen(("127.0.0.1", DRIP_PORT), move |mut stream| {
                answer_head(&mut stream, body.len())?;
                for piece in body.as_bytes().chunks(body.len().div_ceil(DRIP_SECONDS)) {
                    thread::sleep(Duration::from_secs(1));
                    stream.write_all(piece)?;
                }
                Ok(())
            })?,
            Host::Cut => listen(("127.0.0.1", CUT_PORT), move |mut stream| {
                answer_head(&mut stream, body.len() + 100)?;
                stream.write_all(body.as_bytes())?;
                // A browser that learns of the end before it has handed the head to the page reports no reply at all.
                thread::sleep(Duration::from_secs(1));
                Ok(())
            })?,
            _ => {}
        }
    }
    for silent in [("127.0.0.1", SILENT_PORT), (MUTE, 443)] {
        listen(silent, |mut stream| stream.read_to_end(&mut Vec::new()).map(drop))?;
    }
    listen((NOT_TLS, 443), |mut stream| stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
}

/// Serves every connection to an address in a thread of its own. A peer that hangs up is its own business.
fn listen(
    address: (&str, u16),
    serve: impl Fn(TcpStream) -> std::io::Result<()> + Clone + Send + 'static,
) -> Result<()> {
    let listener = TcpListener::bind(address).with_context(|| format!("{address:?}"))?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = serve.clone();
            thread::spawn(move || serve(stream));
        }
    });
    Ok(())
}

/// Reads a request's head and sends that of a reply.
fn answer_head(stream: &mut TcpStream, length: usize) -> std::io::Result<()> {
    for line in BufReader::new(&*stream).lines() {
        if line?.is_empty() {
            break;
        }
    }
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n"
    )
}
