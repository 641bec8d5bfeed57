//! The colours of a picture.

use crate::standing::Status;

/// On which ground a picture is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on white.
    #[default]
    Light,
    /// Light on nearly black.
    Dark,
}

impl Theme {
    /// The one called `light` or `dark`.
    pub fn named(name: &str) -> Option<Theme> {
        match name {
            "light" => Some(Theme::Light),
            "dark" => Some(Theme::Dark),
            _ => None,
        }
    }

    pub(super) fn ground(self) -> Ground {
        match self {
            Theme::Light => Ground {
                page: "#ffffff",
                card: "#ffffff",
                container: "#f7f9fc",
                border: "#d8dde5",
                line: "#98a2b3",
                text: "#0f141a",
                quiet: "#5a6577",
            },
            Theme::Dark => Ground {
                page: "#0f1620",
                card: "#161f2c",
                container: "#131c29",
                border: "#2d3a4d",
                line: "#5f6f86",
                text: "#e9eef5",
                quiet: "#9fadc0",
            },
        }
    }

    /// Of a status: its line, its ground, and its text.
    pub(super) fn status(self, status: Status) -> (&'static str, &'static str, &'static str) {
        match (self, status) {
            (Theme::Light, Status::Succeeded) => ("#1f8a4c", "#e7f6ec", "#14683a"),
            (Theme::Light, Status::Failed) => ("#d13232", "#fdecec", "#a31b1b"),
            (Theme::Light, Status::Running) => ("#0b6bcb", "#e5f1fd", "#0a56a3"),
            (Theme::Light, Status::Caught) => ("#c77700", "#fff3dd", "#8a5200"),
            (Theme::Light, Status::Aborted) => ("#98a2b3", "#f7f8fa", "#5a6577"),
            (Theme::Dark, Status::Succeeded) => ("#3fc47a", "#12301f", "#7fe0a8"),
            (Theme::Dark, Status::Failed) => ("#ff6b6b", "#3a1618", "#ff9c9c"),
            (Theme::Dark, Status::Running) => ("#4ba3ff", "#10294a", "#8ec5ff"),
            (Theme::Dark, Status::Caught) => ("#ffb340", "#3a2a0d", "#ffcf85"),
            (Theme::Dark, Status::Aborted) => ("#5f6f86", "#161f2c", "#9fadc0"),
        }
    }
}

/// Colours that say nothing.
#[derive(Clone, Copy)]
pub(super) struct Ground {
    pub(super) page: &'static str,
    pub(super) card: &'static str,
    pub(super) container: &'static str,
    pub(super) border: &'static str,
    pub(super) line: &'static str,
    pub(super) text: &'static str,
    pub(super) quiet: &'static str,
}
