//! How a picture is written.

use std::path::Path;

use clap::ValueEnum;

use crate::exit::Exit;
use crate::problem::Problem;

/// A format of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Lines, for browsers and documents
    Svg,
    /// Pixels
    Png,
    /// Mermaid's flowchart, for Markdown
    Mermaid,
    /// For Graphviz
    Dot,
}

impl Format {
    /// The format that is named, else that of the file's name, else SVG.
    ///
    /// # Errors
    /// When neither is named and the file's name ends otherwise.
    pub fn of(named: Option<Format>, file: Option<&Path>) -> Result<Format, Problem> {
        let (None, Some(file)) = (named, file) else {
            return Ok(named.unwrap_or(Format::Svg));
        };
        let extension = file.extension().and_then(|extension| extension.to_str());
        match extension.unwrap_or_default() {
            "svg" => Ok(Format::Svg),
            "png" => Ok(Format::Png),
            "mmd" | "mermaid" => Ok(Format::Mermaid),
            "dot" | "gv" => Ok(Format::Dot),
            _ => Err(
                Problem::new(format!("`{}` does not say what it is", file.display()))
                    .why("names of pictures end in .svg, .png, .mmd or .dot")
                    .next("-f svg, png, mermaid or dot")
                    .exit(Exit::Usage),
            ),
        }
    }

    /// Whether it is no text.
    pub fn is_binary(self) -> bool {
        self == Format::Png
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_format() {
        let check = |named: Option<Format>, file: Option<&str>, expect: Option<Format>| {
            let found = Format::of(named, file.map(Path::new)).ok();
            assert_eq!(found, expect, "{named:?} {file:?}");
        };
        check(None, None, Some(Format::Svg));
        check(None, Some("a.png"), Some(Format::Png));
        check(None, Some("a.b.mmd"), Some(Format::Mermaid));
        check(Some(Format::Dot), Some("a.txt"), Some(Format::Dot));
        check(None, Some("a.txt"), None);
        check(None, Some("a"), None);
    }
}
