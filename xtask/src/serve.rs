//! The built site on the loopback address, as a static host would serve it.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, anyhow, bail};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::headers::Headers;
use crate::workspace::Workspace;
use crate::{setup, site};

/// The number of the RFC.
const PORT: u16 = 8461;

/// A browser opens up to six connections to a host, and one that is slow must not hold up the others.
const THREADS: usize = 8;

pub(crate) struct Options {
    /// Absent: the usual port, or any free one if that is taken.
    pub(crate) port: Option<u16>,
    pub(crate) watch: bool,
    pub(crate) build: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { port: None, watch: false, build: true }
    }
}

/// Serves until the process is stopped.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    // Taken before the build, so that nobody waits for it only to learn that the port is in use.
    let listener = listen(options.port)?;
    let port = listener.local_addr()?.port();
    if options.build {
        setup::to_build(workspace)?;
        site::build(workspace)?;
    } else if !workspace.site().join("index.html").is_file() {
        bail!("www/dist/ holds no page yet: build it first, or leave out --no-build");
    }

    let server = Server::from_listener(listener, None).map_err(|error| anyhow!(error))?;
    let server = Arc::new(server);
    let root: Arc<Path> = workspace.site().into();
    for _ in 0..THREADS {
        let (server, root) = (Arc::clone(&server), Arc::clone(&root));
        thread::spawn(move || {
            for request in server.incoming_requests() {
                // A browser that went away while it was answered is not worth a word.
                let _ = answer(request, &root);
            }
        });
    }
    println!("serving www/dist/ at http://127.0.0.1:{port}/ (Ctrl+C stops it)");

    if options.watch {
        watch(workspace)?;
    }
    loop {
        thread::park();
    }
}

fn listen(port: Option<u16>) -> Result<TcpListener> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    match port {
        Some(port) => {
            bind(port).with_context(|| format!("port {port} cannot be used; --port 0 takes any free one"))
        }
        None => bind(PORT).or_else(|_| bind(0)).context("no port is free"),
    }
}

fn answer(request: Request, root: &Path) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        let allow = header("Allow", "GET, HEAD");
        return request
            .respond(Response::from_string("only GET and HEAD\n").with_status_code(405).with_header(allow));
    }
    let path = request.url().split(['?', '#']).next().unwrap_or_default().to_owned();
    let Some(file) = find(root, &path) else {
        let text = format!("there is no {path} here\n");
        return request.respond(Response::from_string(text).with_status_code(404));
    };

    let mut response = Response::from_data(fs::read(&file)?);
    // Read each time: the build may have changed it.
    let headers = fs::read_to_string(root.join("_headers")).ok().and_then(|text| Headers::parse(&text).ok());
    for (name, value) in headers.iter().flat_map(|headers| headers.of(&path)) {
        // What may be kept for a year there changes by the minute here.
        if !name.eq_ignore_ascii_case("cache-control") {
            response.add_header(header(name, value));
        }
    }
    response.add_header(header("Cache-Control", "no-cache"));
    response.add_header(header("Content-Type", &content_type(&file)));
    request.respond(response)
}

/// The file a path means. Only what a walk of the folder finds can be asked for, so no path leads out of it.
fn find(root: &Path, path: &str) -> Option<PathBuf> {
    let wanted = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let files = site::files(root).ok()?;
    files.into_iter().find(|file| {
        let name = file.strip_prefix(root).ok().and_then(Path::to_str);
        name.is_some_and(|name| wanted.strip_prefix('/') == Some(name) && name != "_headers")
    })
}

fn content_type(file: &Path) -> String {
    let mime = mime_guess::from_path(file).first_or_octet_stream();
    if mime.type_() == "text" { format!("{mime}; charset=utf-8") } else { mime.to_string() }
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value)
        .expect("names and values are ASCII: ours, or checked where they were read")
}

/// Builds again when a source changes, until the process is stopped.
fn watch(workspace: &Workspace) -> Result<()> {
    const PAUSE: Duration = Duration::from_millis(500);
    println!("building again whenever a file in src/, pkg/ or www/ changes");
    let mut before = sources(workspace)?;
    loop {
        thread::sleep(PAUSE);
        let now = sources(workspace)?;
        if now == before {
            continue;
        }
        before = now;
        match site::build(workspace) {
            Ok(()) => println!("built; reload the page"),
            Err(error) => eprintln!("error: {error:#}"),
        }
    }
}

fn sources(workspace: &Workspace) -> Result<BTreeMap<PathBuf, SystemTime>> {
    let mut sources = BTreeMap::new();
    for folder in ["src", "pkg", "www"] {
        for file in site::files(&workspace.root.join(folder))? {
            let built = file.starts_with(workspace.site()) || file.starts_with(workspace.pkg().join("dist"));
            if !built && !file.components().any(|part| part.as_os_str() == "node_modules") {
                // A file may go between the listing and the question; the next round sees the difference.
                if let Ok(modified) = fs::metadata(&file).and_then(|metadata| metadata.modified()) {
                    sources.insert(file, modified);
                }
            }
        }
    }
    Ok(sources)
}
