//! Intrinsic functions of nothing but their arguments: `Fn::Base64`, `Fn::Cidr`, `Fn::GetAZs`, `Fn::Length`,
//! `Fn::ToJsonString`; and `Fn::ImportValue`.
//!
//! Source: CloudFormation user guide, "Intrinsic function reference".

use std::net::Ipv4Addr;

use passo_asl::source::Node;
use passo_json::Json;

use crate::TemplateError;
use crate::intrinsic::{Resolved, Resolver};

/// Blocks that `Fn::Cidr` gives at most. Source: as above.
const BLOCKS_MAX: u32 = 256;
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl Resolver<'_> {
    pub(crate) fn base64(&self, argument: &Node) -> Resolved {
        let text = self.text(argument)?;
        Ok(Some(Json::from(encode(text.as_bytes()))))
    }

    pub(crate) fn zones(&self, argument: &Node) -> Resolved {
        let given = self.text(argument)?;
        let region = match given.as_str() {
            "" => &*self.deployment.region,
            given => given,
        };
        let zones = ["a", "b", "c"].map(|letter| Json::from(format!("{region}{letter}")));
        Ok(Some(Json::from(zones.to_vec())))
    }

    pub(crate) fn import(&self, argument: &Node) -> Resolved {
        let name = self.text(argument)?;
        match self.deployment.exports.get(name.as_str()) {
            Some(value) => Ok(Some(Json::from(&**value))),
            None => {
                let message = format!("no stack exports `{name}`");
                Err(TemplateError::at(argument, message))
            }
        }
    }

    pub(crate) fn length(&self, argument: &Node) -> Resolved {
        let value = self.value(argument)?;
        let Some(items) = value.as_ref().and_then(Json::as_array) else {
            return Err(TemplateError::at(argument, "`Length` takes a list"));
        };
        let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
        Ok(Some(Json::from(length)))
    }

    pub(crate) fn json_text(&self, argument: &Node) -> Resolved {
        let value = self.value(argument)?;
        Ok(value.map(|value| Json::from(value.to_text())))
    }

    pub(crate) fn cidr(&self, argument: &Node) -> Resolved {
        let (block, count, bits) = match argument.as_array() {
            Some([block, count]) => (block, count, None),
            Some([block, count, bits]) => (block, count, Some(bits)),
            _ => {
                let message = "`Cidr` takes a block, a count and a number of bits";
                return Err(TemplateError::at(argument, message));
            }
        };
        let number = |node: &Node| self.text(node).map(|text| text.parse::<u32>().ok());
        let bits = match bits {
            Some(bits) => number(bits)?,
            None => Some(8),
        };
        let blocks = match (number(count)?, bits) {
            (Some(count), Some(bits)) => cut(&self.text(block)?, count, bits),
            _ => None,
        };
        match blocks {
            Some(blocks) => Ok(Some(Json::from(blocks))),
            None => {
                let message = "`Cidr` cannot cut the block like that; only IPv4 is supported";
                Err(TemplateError::at(argument, message))
            }
        }
    }
}

/// The first `count` blocks with `bits` bits for hosts.
fn cut(block: &str, count: u32, bits: u32) -> Option<Vec<Json>> {
    let (address, prefix) = block.split_once('/')?;
    let address = u32::from(address.parse::<Ipv4Addr>().ok()?);
    let prefix = prefix.parse::<u32>().ok().filter(|prefix| *prefix <= 32)?;
    let host_bits = 32_u32.checked_sub(prefix)?;
    if bits > host_bits || count == 0 || count > BLOCKS_MAX {
        return None;
    }
    let fitting = 1_u64.checked_shl(host_bits.checked_sub(bits)?)?;
    if u64::from(count) > fitting {
        return None;
    }
    let mask = u32::MAX.checked_shl(host_bits).unwrap_or(0);
    let first = u64::from(address & mask);
    let blocks = (0..count).map(|at| {
        let offset = u64::from(at).checked_shl(bits)?;
        let address = u32::try_from(first.checked_add(offset)?).ok()?;
        let length = 32_u32.checked_sub(bits)?;
        Some(Json::from(format!("{}/{length}", Ipv4Addr::from(address))))
    });
    blocks.collect()
}

/// Base64 with padding. Source: RFC 4648, section 4.
fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or_default());
        let number = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4_usize {
            let shift = 18_usize.saturating_sub(place.saturating_mul(6));
            let index = usize::try_from(number >> shift & 63).unwrap_or_default();
            let letter = ALPHABET.get(index).copied().unwrap_or(b'=');
            text.push(match place <= group.len() {
                true => char::from(letter),
                false => '=',
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_encoded() {
        for (text, expect) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v")] {
            assert_eq!(encode(text.as_bytes()), expect);
        }
    }

    #[test]
    fn blocks_are_cut() {
        let cut =
            |block, count, bits| cut(block, count, bits).map(|blocks| Json::from(blocks).to_text());
        let two = cut("192.168.0.0/24", 2, 5);
        assert_eq!(
            two.as_deref(),
            Some(r#"["192.168.0.0/27","192.168.0.32/27"]"#)
        );
        assert_eq!(cut("10.0.0.0/24", 9, 5), None);
        assert_eq!(cut("10.0.0.0/33", 1, 5), None);
        assert_eq!(cut("0.0.0.0/0", 1, 32).as_deref(), Some(r#"["0.0.0.0/0"]"#));
    }
}
