//! Names of domains and hosts, as options give them.

use crate::failure::Failure;
use mta_sts::evidence::MxRecord;
use mta_sts::model::Domain;

pub(crate) fn domain(text: &str) -> Result<Domain, Failure> {
    let typed = Domain::typed(text);
    Ok(typed.map_err(|fault| Failure::Domain { value: text.to_owned(), fault })?.domain)
}

/// The hosts that `option` gives, if it gives any. Their preferences are not asked for, so all have the same. `.` is a null
/// MX (RFC 7505).
pub(crate) fn mx(option: &'static str, hosts: &[String]) -> Result<Option<Vec<MxRecord>>, Failure> {
    let host = |text: &String| {
        let name = text.trim();
        let host = match name.strip_suffix('.') {
            Some("") => Some(String::new()),
            other => Domain::to_a_labels(other.unwrap_or(name)).filter(|host| !host.is_empty()),
        };
        let host = host.ok_or_else(|| Failure::Mx { option, value: text.clone() })?;
        Ok(MxRecord { preference: 0, host })
    };
    let hosts = hosts.iter().map(host).collect::<Result<Vec<_>, _>>()?;
    Ok((!hosts.is_empty()).then_some(hosts))
}
