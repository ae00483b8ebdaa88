//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

pub(crate) struct Workspace {
    /// The folder of the workspace's `Cargo.toml`; commands run in it.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever `CARGO_TARGET_DIR` or a configuration file put it.
    pub(crate) target: PathBuf,
    pub(crate) sh: Shell,
}

impl Workspace {
    pub(crate) fn open() -> Result<Self> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask is a folder of the workspace")?;
        let sh = Shell::new()?;
        sh.change_dir(root);
        // Debian keeps servers in sbin, which is not in everybody's search path.
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(env::split_paths(&path).chain(["/usr/sbin".into(), "/sbin".into()]))?;
        sh.set_var("PATH", path);

        let metadata = cmd!(sh, "cargo metadata --format-version 1 --no-deps").quiet().read()?;
        let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
        let target =
            metadata["target_directory"].as_str().context("cargo metadata names no target folder")?;
        Ok(Self { root: root.to_owned(), target: target.into(), sh })
    }

    /// The package as it goes to npm.
    pub(crate) fn pkg(&self) -> PathBuf {
        self.root.join("pkg")
    }

    /// Sources of the page.
    pub(crate) fn www(&self) -> PathBuf {
        self.root.join("www")
    }

    /// The static site, ready to be deployed.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join("www/dist")
    }

    /// A program that came with an npm package, to be run with `node`.
    pub(crate) fn npm_bin(&self, package: &str, bin: &str) -> PathBuf {
        self.root.join("node_modules").join(package).join("bin").join(bin)
    }

    /// The path of `program` in the search path, if it is installed.
    pub(crate) fn which(&self, program: &str) -> Option<PathBuf> {
        let path = self.sh.var_os("PATH")?;
        env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
    }
}
