//! Figures as a table for people and as JSON for tools.

use passo_json::{Json, ObjectBuilder};

use crate::measure::{Figure, Row};

/// Prints the heading of the table.
pub fn header() {
    println!(
        "{:<44} {:>12} {:>7}  {:<14} {:>12} {:>7} {:>9}",
        "", "ours", "spread", "rival", "theirs", "spread", "ratio"
    );
}

/// Prints one line of the table.
pub fn line(row: &Row) {
    println!("{}", text(row));
}

fn text(row: &Row) -> String {
    let ours = format!("{:<44} {}", row.name, figure(row.ours));
    match row.rival {
        None => ours,
        Some((name, theirs)) => {
            format!(
                "{ours}  {name:<14} {} {:>8.2}x",
                figure(theirs),
                theirs.best / row.ours.best
            )
        }
    }
}

fn figure(figure: Figure) -> String {
    format!("{:>12} {:>6.0}%", time(figure.best), figure.spread * 100.0)
}

/// A time in the unit that leaves it between 1 and 1000, where there is one.
fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        it if it < 1e3 => format!("{it:.1} ns"),
        it if it < 1e6 => format!("{:.2} us", it / 1e3),
        it if it < 1e9 => format!("{:.2} ms", it / 1e6),
        it => format!("{:.2} s", it / 1e9),
    }
}

/// All figures, for tools: nanoseconds, spreads, and how many times longer the rival takes.
pub fn json(rows: &[Row]) -> Json {
    let row = |row: &Row| {
        let mut object = ObjectBuilder::new();
        object
            .insert("name", row.name.as_str())
            .insert("nanoseconds", row.ours.best)
            .insert("spread", row.ours.spread);
        if let Some((name, theirs)) = row.rival {
            object
                .insert("rival", name)
                .insert("rival_nanoseconds", theirs.best)
                .insert("rival_spread", theirs.spread)
                .insert("ratio", theirs.best / row.ours.best);
        }
        Json::from(object.build())
    };
    Json::from(rows.iter().map(row).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_json::json;

    fn row(rival: Option<(&'static str, Figure)>) -> Row {
        Row {
            name: "json: parse".into(),
            ours: Figure {
                best: 2000.0,
                spread: 0.01,
            },
            rival,
        }
    }

    #[test]
    fn times_have_fitting_units() {
        for (nanoseconds, expect) in [
            (12.34, "12.3 ns"),
            (12_340.0, "12.34 us"),
            (12_340_000.0, "12.34 ms"),
            (2e9, "2.00 s"),
        ] {
            assert_eq!(time(nanoseconds), expect);
        }
    }

    #[test]
    fn the_ratio_is_theirs_over_ours() {
        let rival = Some((
            "serde_json",
            Figure {
                best: 5000.0,
                spread: 0.0,
            },
        ));
        assert!(text(&row(rival)).ends_with("    2.50x"));
        let found = json(&[row(rival), row(None)]);
        assert_eq!(found.pointer("/0/ratio"), Some(&json!(2.5)));
        assert_eq!(found.pointer("/1/rival"), None);
    }
}
