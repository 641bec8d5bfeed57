//! The table of files, and what a browser has to know of each.

use std::sync::OnceLock;

use crate::gzip;

/// One file of the console.
#[derive(Debug)]
pub struct Asset {
    path: &'static str,
    etag: &'static str,
    brotli: &'static [u8],
    /// Made for the first browser that takes no brotli.
    gzip: OnceLock<Vec<u8>>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file at `path`, relative to the console's root: `assets/app-1a2b3c.js`.
pub fn file(path: &str) -> Option<&'static Asset> {
    let place = ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok()?;
    ASSETS.get(place)
}

/// The page that every address of the console begins with; `None` where no console was built.
pub fn index() -> Option<&'static Asset> {
    file("index.html")
}

impl Asset {
    /// An entity tag, with its quotes.
    pub fn etag(&self) -> &'static str {
        self.etag
    }

    /// The content, compressed with brotli.
    pub fn brotli(&self) -> &'static [u8] {
        self.brotli
    }

    /// The content, compressed with gzip. Made once and kept.
    pub fn gzip(&self) -> &[u8] {
        self.gzip.get_or_init(|| gzip::compress(&self.plain()))
    }

    /// The content itself.
    pub fn plain(&self) -> Vec<u8> {
        gzip::of_brotli(self.brotli)
    }

    /// What the content is, by the file's name.
    pub fn content_type(&self) -> &'static str {
        match self.path.rsplit_once('.').map(|(_, extension)| extension) {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("json") => "application/json",
            Some("woff2") => "font/woff2",
            Some("txt") => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }

    /// Whether the file's name changes when its content does, so that a browser may keep it for ever.
    pub fn is_immutable(&self) -> bool {
        self.path.starts_with("assets/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_and_can_be_read() {
        assert!(ASSETS.is_sorted_by_key(|asset| asset.path));
        for asset in &ASSETS {
            let found = file(asset.path).map(|asset| asset.path);
            assert_eq!(found, Some(asset.path));
            assert!(!asset.plain().is_empty(), "{}", asset.path);
            assert_ne!(
                asset.content_type(),
                "application/octet-stream",
                "{}",
                asset.path
            );
        }
    }

    #[test]
    fn the_index_names_only_files_that_are_there() {
        let Some(index) = index() else { return };
        let text = String::from_utf8(index.plain()).unwrap_or_default();
        let named: Vec<&str> = text
            .split(['"', '\''])
            .filter_map(|part| part.strip_prefix("/console/"))
            .collect();
        assert!(!named.is_empty(), "{text}");
        for path in named {
            assert!(file(path).is_some(), "{path}");
        }
        assert!(!index.is_immutable());
    }
}
