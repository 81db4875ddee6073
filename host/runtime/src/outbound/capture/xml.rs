//! XML, without document types: no entities but the five of XML itself and character references.

use bytes::Bytes;
use keywright_egress::{AnswerLocation, SecretLocation, XmlPath, XmlStep};
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesText, Event};
use quick_xml::{Reader, Writer};
use zeroize::{Zeroize as _, Zeroizing};

use super::{Keep, Unreadable, without_bom};

/// How deep elements may stand within each other.
const DEEPEST: usize = 100;

pub(super) fn capture(locations: &[&SecretLocation], body: &[u8], keep: &mut Keep<'_>) -> Result<Bytes, Unreadable> {
    let text = std::str::from_utf8(without_bom(body)).map_err(|_| Unreadable)?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut writer = Writer::new(Vec::with_capacity(body.len()));
    let mut path: Vec<String> = Vec::new();
    // The text since the last tag, and whether an element stands in the one that it belongs to.
    let mut content = Zeroizing::new(String::new());
    let mut roots = 0;
    loop {
        let event = reader.read_event().map_err(|_| Unreadable)?;
        match event {
            // A secret holds nothing but its text: with an element in it, it would be in pieces.
            Event::Start(_) | Event::Empty(_) if location(locations, &path).is_some() => return Err(Unreadable),
            Event::Start(element) => {
                flush(&mut writer, &mut content, None)?;
                roots += usize::from(path.is_empty());
                path.push(element.local_name().as_ref().to_owned());
                if path.len() > DEEPEST || roots > 1 {
                    return Err(Unreadable);
                }
                writer.write_event(Event::Start(element)).map_err(|_| Unreadable)?;
            }
            Event::End(element) => {
                match location(locations, &path) {
                    Some(location) if !content.trim().is_empty() => {
                        let kept = keep(location, content.trim()).ok_or(Unreadable)?;
                        content.zeroize();
                        flush(&mut writer, &mut content, Some(&kept))?;
                    }
                    _ => flush(&mut writer, &mut content, None)?,
                }
                path.pop();
                writer.write_event(Event::End(element)).map_err(|_| Unreadable)?;
            }
            Event::Empty(element) => {
                flush(&mut writer, &mut content, None)?;
                roots += usize::from(path.is_empty());
                writer.write_event(Event::Empty(element)).map_err(|_| Unreadable)?;
            }
            Event::Text(text) => content.push_str(&text),
            Event::CData(text) => content.push_str(&text),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(|_| Unreadable)? {
                Some(character) => content.push(character),
                None => content.push_str(resolve_xml_entity(&reference).ok_or(Unreadable)?),
            },
            Event::Decl(declaration) => {
                if !path.is_empty() || roots > 0 {
                    return Err(Unreadable);
                }
                writer.write_event(Event::Decl(declaration)).map_err(|_| Unreadable)?;
            }
            // Comments and processing instructions say nothing that an adapter needs.
            Event::Comment(_) | Event::PI(_) => {}
            Event::DocType(_) => return Err(Unreadable),
            Event::Eof => break,
        }
        if path.is_empty() && !content.trim().is_empty() {
            return Err(Unreadable);
        }
    }
    if path.is_empty() && roots == 1 { Ok(writer.into_inner().into()) } else { Err(Unreadable) }
}

fn flush(writer: &mut Writer<Vec<u8>>, content: &mut String, instead: Option<&str>) -> Result<(), Unreadable> {
    let text = instead.unwrap_or(content);
    if !text.is_empty() {
        writer.write_event(Event::Text(BytesText::new(text))).map_err(|_| Unreadable)?;
    }
    content.clear();
    Ok(())
}

/// The secret of which this is the element.
fn location<'l>(locations: &[&'l SecretLocation], path: &[String]) -> Option<&'l SecretLocation> {
    let is = |location: &&&SecretLocation| matches!(&location.location, AnswerLocation::Xml(expected) if matches(expected, path));
    locations.iter().find(is).copied()
}

fn matches(expected: &XmlPath, path: &[String]) -> bool {
    let steps = expected.steps();
    steps.len() == path.len()
        && steps.iter().zip(path).all(|(step, name)| match step {
            XmlStep::Any => true,
            XmlStep::Element(element) => element == name,
        })
}
