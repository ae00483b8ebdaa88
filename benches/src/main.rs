//! Writes what is measured into a folder, for those who are measured in other languages: `policies/` and, as large as a
//! policy may be, `hostile/`; a file each, named as in the tables.

use mta_sts_benches::{SHAPES, SIZES, policies};
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).ok_or_else(|| io::Error::other("which folder?"))?;
    let write = |kind: &str, name: &str, text: &[u8]| {
        let folder = Path::new(&folder).join(kind);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), text)
    };
    for (name, text) in policies() {
        write("policies", name, text.as_bytes())?;
    }
    for shape in SHAPES {
        write("hostile", shape.name, &shape.text(SIZES[SIZES.len() - 1]))?;
    }
    Ok(())
}
