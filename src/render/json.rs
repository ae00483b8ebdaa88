//! JSON (RFC 8259) of what reports are made of: structs, lists, texts, whole numbers, booleans, `null`, and enums without
//! data. `serde_json` writes anything, at several times the size in wasm.

use alloc::string::String;
use core::fmt::{self, Display, Formatter, Write};
use serde::Serialize;
use serde::ser::{Impossible, SerializeSeq, SerializeStruct, SerializeTuple, Serializer};

/// `value` as JSON, without white space.
///
/// ```
/// assert_eq!(mta_sts::render::json(&["a\"b", "\n"]), r#"["a\"b","\u000a"]"#);
/// ```
///
/// # Panics
///
/// For a float, a map, octets or an enum with data: no report holds one.
pub fn json(value: &impl Serialize) -> String {
    let mut text = String::new();
    match value.serialize(Json(&mut text)) {
        Ok(()) => text,
        Err(never) => match never {},
    }
}

/// Writes one value.
struct Json<'t>(&'t mut String);

/// Writes what stands between two brackets.
struct Members<'t> {
    text: &'t mut String,
    is_first: bool,
    end: char,
}

impl<'t> Json<'t> {
    fn members(self, start: char, end: char) -> Members<'t> {
        self.0.push(start);
        Members { text: self.0, is_first: true, end }
    }
}

impl Members<'_> {
    fn next(&mut self) -> Json<'_> {
        if !self.is_first {
            self.text.push(',');
        }
        self.is_first = false;
        Json(self.text)
    }

    fn close(self) {
        self.text.push(self.end);
    }
}

impl<'t> Serializer for Json<'t> {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Members<'t>;
    type SerializeTuple = Members<'t>;
    type SerializeStruct = Members<'t>;
    type SerializeTupleStruct = Impossible<(), Never>;
    type SerializeTupleVariant = Impossible<(), Never>;
    type SerializeMap = Impossible<(), Never>;
    type SerializeStructVariant = Impossible<(), Never>;

    fn serialize_str(self, value: &str) -> Result<(), Never> {
        self.0.push('"');
        let mut done = 0;
        for (at, byte) in value.bytes().enumerate() {
            if byte < b' ' || matches!(byte, b'"' | b'\\') {
                self.0.push_str(&value[done..at]);
                done = at + 1;
                // Writing to a String cannot fail.
                _ = match byte {
                    b'"' | b'\\' => write!(self.0, "\\{}", char::from(byte)),
                    _ => write!(self.0, "\\u{byte:04x}"),
                };
            }
        }
        self.0.push_str(&value[done..]);
        self.0.push('"');
        Ok(())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Never> {
        _ = write!(self.0, "{value}");
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_bool(self, value: bool) -> Result<(), Never> {
        self.0.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.0.push_str("null");
        Ok(())
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        self.0.push_str("null");
        Ok(())
    }

    fn serialize_unit_variant(self, _: &str, _: u32, variant: &str) -> Result<(), Never> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &str, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Members<'t>, Never> {
        Ok(self.members('[', ']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Members<'t>, Never> {
        Ok(self.members('[', ']'))
    }

    fn serialize_struct(self, _: &str, _: usize) -> Result<Members<'t>, Never> {
        Ok(self.members('{', '}'))
    }

    fn serialize_char(self, _: char) -> Result<(), Never> {
        no("a char")
    }

    fn serialize_i8(self, _: i8) -> Result<(), Never> {
        no("a signed number")
    }

    fn serialize_i16(self, _: i16) -> Result<(), Never> {
        no("a signed number")
    }

    fn serialize_i32(self, _: i32) -> Result<(), Never> {
        no("a signed number")
    }

    fn serialize_i64(self, _: i64) -> Result<(), Never> {
        no("a signed number")
    }

    fn serialize_f32(self, _: f32) -> Result<(), Never> {
        no("a float")
    }

    fn serialize_f64(self, _: f64) -> Result<(), Never> {
        no("a float")
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Never> {
        no("octets")
    }

    fn serialize_unit_struct(self, _: &str) -> Result<(), Never> {
        no("a struct without members")
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &str,
        _: u32,
        _: &str,
        _: &T,
    ) -> Result<(), Never> {
        no("an enum with data")
    }

    fn serialize_tuple_struct(self, _: &str, _: usize) -> Result<Self::SerializeTupleStruct, Never> {
        no("a tuple struct")
    }

    fn serialize_tuple_variant(
        self,
        _: &str,
        _: u32,
        _: &str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Never> {
        no("an enum with data")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Never> {
        no("a map")
    }

    fn serialize_struct_variant(
        self,
        _: &str,
        _: u32,
        _: &str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Never> {
        no("an enum with data")
    }
}

impl SerializeSeq for Members<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(self.next())
    }

    fn end(self) -> Result<(), Never> {
        self.close();
        Ok(())
    }
}

impl SerializeTuple for Members<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(self.next())
    }

    fn end(self) -> Result<(), Never> {
        self.close();
        Ok(())
    }
}

impl SerializeStruct for Members<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Result<(), Never> {
        let Json(text) = self.next();
        // Names of Rust, with nothing to escape.
        text.extend(["\"", key, "\":"]);
        value.serialize(Json(text))
    }

    fn end(self) -> Result<(), Never> {
        self.close();
        Ok(())
    }
}

/// What goes wrong: nothing, since a string takes everything.
#[derive(Debug)]
enum Never {}

impl Display for Never {
    fn fmt(&self, _: &mut Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl core::error::Error for Never {}

impl serde::ser::Error for Never {
    fn custom<T: Display>(message: T) -> Self {
        panic!("{message}")
    }
}

fn no<T>(what: &str) -> Result<T, Never> {
    unreachable!("no report holds {what}")
}

#[cfg(test)]
mod tests {
    use super::json;
    use crate::generate::{Request, generate};
    use crate::render::RuleReport;
    use crate::rules::{ALL, Example};
    use crate::{LintOptions, OffsetUnit, lint, mx_list, review};

    #[test]
    fn texts_are_escaped_where_they_must_be() {
        for (text, expected) in [
            ("", r#""""#),
            ("a\"b\\c", r#""a\"b\\c""#),
            ("\0\t\n\u{1F}\u{7F}", "\"\\u0000\\u0009\\u000a\\u001f\u{7F}\""), // DEL needs no escape
            ("é\u{2028}📧", "\"é\u{2028}📧\""), // nor does anything beyond ASCII
        ] {
            assert_eq!(json(&text), expected);
            assert_eq!(serde_json::from_str::<String>(expected).unwrap(), text);
        }
    }

    #[test]
    fn reports_are_what_serde_json_makes_of_them() {
        let rules: Vec<RuleReport> = ALL.iter().map(|rule| RuleReport::from(*rule)).collect();
        assert!(read(&json(&rules)) == serde_json::to_value(&rules).unwrap());
        let options = LintOptions { mx: Some(mx_list("10 mx1.example.com")), ..LintOptions::default() };
        for rule in ALL {
            let report = match rule.bad {
                Example::Change(text) => {
                    let change = crate::notation::Change::from_notation(text).unwrap();
                    let plan = crate::plan::plan(&change.at(1_768_435_200), OffsetUnit::Utf16);
                    assert!(read(&json(&plan)) == serde_json::to_value(&plan).unwrap(), "{}", rule.id);
                    continue;
                }
                Example::Evidence(text) => {
                    let evidence = crate::evidence::Evidence::from_notation(text).unwrap();
                    review(&evidence, OffsetUnit::Utf16)
                }
                Example::Policy(text) | Example::Record(text) | Example::Tlsrpt(text) => {
                    lint(text.as_bytes(), &options, OffsetUnit::Utf16)
                }
                Example::PolicyBytes(text) => lint(text, &options, OffsetUnit::Bytes),
                Example::PolicyOf(..) => continue,
            };
            assert!(read(&json(&report)) == serde_json::to_value(&report).unwrap(), "{}", rule.id);
        }
        let domain = crate::model::Domain::read("example.com").unwrap();
        let request = Request {
            rua: vec!["tls@example.com".to_owned()],
            ..Request::new(domain, mx_list("a.example"), 0)
        };
        let generated = generate(&request).unwrap();
        assert!(read(&json(&generated)) == serde_json::to_value(&generated).unwrap());
    }

    fn read(text: &str) -> serde_json::Value {
        serde_json::from_str(text).unwrap()
    }
}
