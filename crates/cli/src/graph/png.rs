//! Pixels of a picture. Text needs a font, which is the system's.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Family, Query};
use resvg::usvg::{Options, Tree};

use crate::problem::Problem;

/// Pixels for each unit of the picture: sharp on any screen.
const SHARPNESS: f32 = 2.0;
/// Pixels of a picture at most: 256 MiB of memory.
const PIXELS_MAX: f32 = 64e6;

/// Draws an SVG document.
///
/// # Errors
/// When the system has no font, or the picture is too large for pixels.
pub fn pixels(svg: &str) -> Result<Vec<u8>, Problem> {
    let unknown = |error: String| Problem::new("the picture cannot be drawn").why(error);
    let mut options = Options::default();
    let fonts = options.fontdb_mut();
    fonts.load_system_fonts();
    let family = family_of(fonts).ok_or_else(no_font)?;
    fonts.set_sans_serif_family(family);
    let tree = Tree::from_str(svg, &options).map_err(|error| unknown(error.to_string()))?;
    let size = tree.size();
    let area = size.width() * size.height();
    let scale = SHARPNESS.min((PIXELS_MAX / area).sqrt());
    let whole = size.to_int_size().scale_by(scale);
    let pixmap = whole.and_then(|size| Pixmap::new(size.width(), size.height()));
    let mut pixmap = pixmap.ok_or_else(|| {
        Problem::new("the picture is too large for pixels").next("passo graph export … -f svg")
    })?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixmap.as_mut(),
    );
    pixmap
        .encode_png()
        .map_err(|error| unknown(error.to_string()))
}

/// A font for text without serifs: one that is known to look well, else any upright one.
fn family_of(fonts: &resvg::usvg::fontdb::Database) -> Option<String> {
    let known = [
        "Inter",
        "Noto Sans",
        "DejaVu Sans",
        "Liberation Sans",
        "Segoe UI",
        "Helvetica Neue",
        "Arial",
        "Roboto",
        "Ubuntu",
    ];
    let is_there = |name: &&str| {
        let families = [Family::Name(name)];
        let query = Query {
            families: &families,
            ..Query::default()
        };
        fonts.query(&query).is_some()
    };
    let known = known.into_iter().find(is_there).map(str::to_owned);
    known.or_else(|| {
        let face = fonts.faces().next()?;
        face.families.first().map(|(name, _)| name.clone())
    })
}

fn no_font() -> Problem {
    Problem::new("a picture of pixels needs a font, and this system has none")
        .why("looked in the system's folders of fonts, such as /usr/share/fonts")
        .next("apt-get install fonts-dejavu-core, or -f svg, which needs none")
}
