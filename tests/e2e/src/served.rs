//! What `generate` makes, served for real: nginx, Apache, Caddy and a Cloudflare Worker are started with its files, asked
//! with `curl`, and what they answer is judged by the engine.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use mta_sts::evidence::Evidence;
use mta_sts::generate::{File, Generated, Request, Target, TargetName, generate};
use mta_sts::model::{Domain, Mode};
use mta_sts::report::VerdictOutcome;
use mta_sts::{OffsetUnit, mx_list, review};

use crate::pki;
use crate::servers::{Run, output};

/// Long enough to be asked for, as some are: 46 octets fit into the smallest of nginx's buckets.
const DOMAIN: &str = "served-under-a-rather-long-name-of-its-own.test";
const PATH: &str = "/.well-known/mta-sts.txt";

/// Where nothing is served.
const ELSEWHERE: &[&str] = &[
    "/",
    "/mta-sts.txt",
    "/.well-known",
    "/.well-known/",
    "/.well-known/mta-sts.txt/",
    "/.well-known/mta-sts.txt.gz",
    "/.well-known/MTA-STS.TXT",
    "/.well-known/acme-challenge/x",
];

/// Starts every server in turn, asks it, and judges what it answers.
pub(crate) fn prove(run: &Run) -> Result<()> {
    let domain = Domain::read(DOMAIN)?;
    let mx = mx_list(&format!("10 mx1.{DOMAIN}, 10 mx2.{DOMAIN}"));
    // With the id of a clock that stands still; enforced, so that nothing at all is left to find.
    let request = Request { mode: Mode::Enforce, ..Request::new(domain, mx, 1_795_558_500) };
    let generated = generate(&request)?;
    let host = format!("mta-sts.{DOMAIN}");
    pki::authority(run)?;
    pki::of_host(run, &host)?;
    run.write(&format!("letsencrypt/{host}/fullchain.pem"), fs::read(run.path(&format!("pki/{host}.crt")))?)?;
    run.write(&format!("letsencrypt/{host}/privkey.pem"), fs::read(run.path("pki/leaf.key"))?)?;

    for target in &generated.targets {
        let (server, trusted) = match target.name {
            TargetName::Nginx => (nginx(run, target)?, "pki/ca.crt"),
            TargetName::Apache => (apache(run, target)?, "pki/ca.crt"),
            TargetName::Caddy => (caddy(run, target)?, "caddy/data/pki/authorities/local/root.crt"),
            TargetName::CloudflareWorker => (worker(run, target, &host)?, "pki/ca.crt"),
            // Nobody but the host itself can run it; their files are held against its documentation.
            TargetName::GithubPages | TargetName::Netlify => continue,
        };
        let client = Client { host: &host, trusted: run.path(trusted) };
        let asked = client.ask(&generated);
        end(server)?;
        let questions = asked.with_context(|| format!("served by {}", target.title))?;
        println!("{}: as generated, {questions} questions", target.title);
    }
    Ok(())
}

/// Writes the files of a target into a folder that stands for the root of a machine, with the paths in them moved there.
fn place(run: &Run, folder: &str, files: &[File]) -> Result<()> {
    for File { path, content, .. } in files {
        let root = run.path(folder).display().to_string();
        let certificates = run.path("letsencrypt").display().to_string();
        let content = content
            .replace(" /var/www/", &format!(" {root}/var/www/"))
            .replace("/etc/letsencrypt/live", &certificates);
        run.write(&format!("{folder}/{path}"), content)?;
    }
    Ok(())
}

fn nginx(run: &Run, target: &Target) -> Result<Child> {
    place(run, "nginx", &target.files)?;
    run.write("nginx.conf", run.fill(include_str!("../templates/served-nginx.conf"), &[]))?;
    run.start(
        "nginx",
        Command::new("nginx").arg("-p").arg(&run.dir).arg("-c").arg(run.path("nginx.conf")),
        HTTPS,
    )
}

fn apache(run: &Run, target: &Target) -> Result<Child> {
    place(run, "apache", &target.files)?;
    run.write("apache/mime.types", "application/octet-stream txt\n")?;
    run.write("apache.conf", run.fill(include_str!("../templates/served-apache.conf"), &[]))?;
    // It does not serve as root, and in here there is only root: it becomes somebody else once more, whom the port is
    // open to.
    fs::write("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0")?;
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-user=1000", "--map-group=1000", "apache2", "-X", "-f"]);
    run.start("apache", command.arg(run.path("apache.conf")), HTTPS)
}

fn caddy(run: &Run, target: &Target) -> Result<Child> {
    place(run, "caddy", &target.files)?;
    run.write("caddy.conf", run.fill(include_str!("../templates/served.caddyfile"), &[]))?;
    let mut command = Command::new("caddy");
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(run.path("caddy.conf"));
    run.start("caddy", command.env("HOME", run.path("home")), HTTPS)
}

fn worker(run: &Run, target: &Target, host: &str) -> Result<Child> {
    place(run, "worker", &target.files)?;
    run.write("worker/package.json", "{ \"type\": \"module\" }")?;
    run.write("worker/host.js", include_str!("../templates/worker-host.js"))?;
    let mut command = Command::new("node");
    command.arg(run.path("worker/host.js")).arg(run.path("worker/worker.js"));
    command.arg(run.path(&format!("pki/{host}.crt"))).arg(run.path("pki/leaf.key"));
    run.start("worker", &mut command, HTTPS)
}

const HTTPS: &[(&str, u16)] = &[("127.0.0.1", 443), ("::1", 443)];

/// Ends a server, and waits until its port is free for the next.
fn end(mut server: Child) -> Result<()> {
    server.kill()?;
    server.wait()?;
    let deadline = Instant::now() + Duration::from_secs(10);
    while HTTPS.iter().any(|port| TcpStream::connect(*port).is_ok()) {
        ensure!(Instant::now() < deadline, "a server outlives its end");
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Asks one host, and trusts one authority.
struct Client<'a> {
    host: &'a str,
    trusted: PathBuf,
}

/// What came back.
struct Answer {
    status: String,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    body: String,
    /// The whole of it, as `curl -i` prints it, but for the carriage returns of the head.
    text: String,
}

impl Client<'_> {
    /// How many questions were answered as they should be; an error if one was not.
    fn ask(&self, generated: &Generated) -> Result<usize> {
        self.wait_for_certificate()?;
        let asked: &[&[&str]] = &[
            &[],
            &["--ipv6"],
            &["--http1.1"],
            &["--tls-max", "1.2"],
            &["--tlsv1.3"],
            &["-H", "Origin: https://checker.example"],
            &["-H", "Accept: text/html"],
            &["-A", "Postfix"],
        ];
        for arguments in asked {
            let answer = self.get(PATH, arguments).with_context(|| format!("{arguments:?}"))?;
            let header = |wanted: &str| {
                let values: Vec<&str> = answer
                    .headers
                    .iter()
                    .filter(|(name, _)| name == wanted)
                    .map(|(_, value)| value.as_str())
                    .collect();
                values.join(" | ")
            };
            let found =
                ["content-type", "access-control-allow-origin", "content-encoding", "location"].map(header);
            ensure!(answer.status == "200", "{arguments:?}: {}", answer.text);
            ensure!(found == ["text/plain; charset=utf-8", "*", "", ""], "{arguments:?}: {}", answer.text);
            ensure!(answer.body == generated.policy, "{arguments:?}: {:?}", answer.body);
            judge(generated, &answer.text)?;
        }
        for path in ELSEWHERE {
            let answer = self.get(path, &[])?;
            ensure!(answer.status == "404", "{path}: {}", answer.text);
        }
        let head = self.get(PATH, &["--head"])?;
        ensure!(head.status == "200" && head.body.is_empty(), "HEAD: {}", head.text);
        let post = self.get(PATH, &["--request", "POST"])?;
        // Apache gives a file to whoever asks, however they ask; nobody has to refuse it.
        ensure!(post.status == "405" || post.body == generated.policy, "POST: {}", post.text);
        Ok(asked.len() + ELSEWHERE.len() + 2)
    }

    /// Caddy makes its certificate once it runs.
    fn wait_for_certificate(&self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(20);
        while let Err(error) = self.get("/", &[]) {
            if Instant::now() > deadline {
                return Err(error);
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    fn get(&self, path: &str, arguments: &[&str]) -> Result<Answer> {
        let mut curl = Command::new("curl");
        curl.args(["-sSi", "-m", "10", "--path-as-is", "--resolve"]);
        curl.arg(format!("{}:443:127.0.0.1,[::1]", self.host)).arg("--cacert").arg(&self.trusted);
        let text = output(curl.args(arguments).arg(format!("https://{}{path}", self.host)))?;
        let (head, body) = text.split_once("\r\n\r\n").context("a head and a body")?;
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).context("a status")?.to_owned();
        let mut headers = Vec::new();
        for line in lines {
            let (name, value) = line.split_once(':').with_context(|| format!("{line:?} is no header"))?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let body = body.to_owned();
        let text = format!("{}\n\n{body}", head.replace("\r\n", "\n"));
        Ok(Answer { status, headers, body, text })
    }
}

/// What the engine says of a domain that publishes this, and whose policy host answers so.
fn judge(generated: &Generated, reply: &str) -> Result<()> {
    let domain = &generated.domain;
    let mut world = generated.record.zone.replace(" IN ", " ") + "\n";
    for host in &generated.mx {
        write!(world, "{domain}. MX 10 {host}.\n{host}. A 127.0.0.25\n")?;
    }
    write!(world, "mta-sts.{domain}. A 127.0.0.1\n\n{reply}")?;
    let report = review(&Evidence::from_notation(&world)?, OffsetUnit::Bytes);
    if let Some(finding) = report.findings.first() {
        bail!("{}: {}\n{world}", finding.id, finding.message);
    }
    let outcome = report.verdict.outcome;
    ensure!(outcome == VerdictOutcome::Protected, "{outcome:?}: {}", report.verdict.sentence);
    Ok(())
}
