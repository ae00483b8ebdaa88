//! The links of the built site. It may lie in any folder of any host, so they are relative, and each leads to a file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, bail, ensure};

use crate::site;
use crate::workspace::Workspace;

/// An error that names each link that leads nowhere, and each page of a rule that the index does not lead to.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let root = workspace.site();
    let mut files = BTreeMap::new();
    for file in site::files(&root)? {
        let name =
            file.strip_prefix(&root)?.to_str().context("a file's name is not UTF-8")?.replace('\\', "/");
        let is_page = file.extension().is_some_and(|extension| extension == "html");
        let text = if is_page { fs::read_to_string(&file)? } else { String::new() };
        files.insert(name, text);
    }
    let (count, faults) = faults(&files);
    if !faults.is_empty() {
        bail!("{} of {count} links lead nowhere:\n{}", faults.len(), faults.join("\n"));
    }
    let index = files.get("rules/index.html").context("the site has no index of the rules")?;
    let linked: BTreeSet<String> = targets(index).map(|target| format!("rules/{target}index.html")).collect();
    let is_rule = |name: &&String| name.starts_with("rules/") && name.matches('/').count() == 2;
    let rules: Vec<&String> = files.keys().filter(is_rule).collect();
    let missing: Vec<&&String> = rules.iter().filter(|name| !linked.contains(**name)).collect();
    ensure!(missing.is_empty(), "the index of the rules does not lead to {missing:?}");
    println!(
        "{count} links in {} pages, {} of them of a rule",
        files.values().filter(|text| !text.is_empty()).count(),
        rules.len()
    );
    Ok(())
}

/// How many links the pages have, and those that lead to no file or to no place in one.
fn faults(files: &BTreeMap<String, String>) -> (usize, Vec<String>) {
    let mut count = 0;
    let mut faults = Vec::new();
    for (page, html) in files {
        for target in targets(html).filter(|target| !target.contains("://")) {
            count += 1;
            if let Err(fault) = follow(files, page, target) {
                faults.push(format!("  {page}: {target}: {fault:#}"));
            }
        }
    }
    (count, faults)
}

fn targets(html: &str) -> impl Iterator<Item = &str> {
    [" href=\"", " src=\""].into_iter().flat_map(move |attribute| {
        html.split(attribute).skip(1).filter_map(|rest| rest.split_once('"').map(|(value, _)| value))
    })
}

fn follow(files: &BTreeMap<String, String>, page: &str, target: &str) -> Result<()> {
    let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
    let path = path.split('?').next().unwrap_or(path);
    ensure!(!path.starts_with('/'), "it is bound to the root of a host");
    let mut folders: Vec<&str> = page.split('/').collect();
    let own = folders.pop().unwrap_or_default();
    let mut name = own;
    for part in path.split('/') {
        name = part;
        match part {
            ".." => drop(folders.pop().context("it leads out of the site")?),
            "." | "" => {}
            part => folders.push(part),
        }
    }
    let is_folder = matches!(name, "" | "." | "..");
    let mut file = folders.join("/");
    if path.is_empty() {
        page.clone_into(&mut file);
    } else if is_folder {
        file = format!("{file}{}index.html", if file.is_empty() { "" } else { "/" });
    }
    let html = files.get(&file).with_context(|| format!("there is no {file}"))?;
    // A fragment with a question mark is a state of a view.
    let id = fragment.split('?').next().unwrap_or(fragment);
    ensure!(id.is_empty() || html.contains(&format!("id=\"{id}\"")), "{file} has no {id}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_a_file_and_to_a_place_in_it() {
        let files = BTreeMap::from([
            ("index.html".to_owned(), "<main id=\"lint\">".to_owned()),
            ("icon.svg".to_owned(), String::new()),
            ("rules/index.html".to_owned(), "<p id=\"pol\">".to_owned()),
            ("rules/a/index.html".to_owned(), String::new()),
        ]);
        for (page, target, leads) in [
            ("index.html", "rules/", true),
            ("index.html", "rules", false), // a redirect on some hosts, and nothing on others
            ("index.html", "./", true),
            ("index.html", "#lint", true),
            ("index.html", "#plan", false),     // no such view
            ("index.html", "/icon.svg", false), // somewhere else, if the site is in a folder
            ("index.html", "../icon.svg", false),
            ("rules/a/index.html", "../../icon.svg", true),
            ("rules/a/index.html", "../#pol", true),
            ("rules/a/index.html", "../?q=x#pol", true),
            ("rules/a/index.html", "../../#lint?text=a%20b", true),
            ("rules/a/index.html", "../b/", false),
        ] {
            assert_eq!(follow(&files, page, target).is_ok(), leads, "{page}: {target}");
        }
        let page = BTreeMap::from([(
            "index.html".to_owned(),
            "<a href=\"x\"><img src=\"y\"><a href=\"https://z/\">".to_owned(),
        )]);
        assert_eq!(faults(&page).0, 2); // others' links are theirs to keep
        assert_eq!(faults(&page).1.len(), 2);
    }
}
