//! Every wrong definition is refused, and told as the snapshot says.

use std::fmt::Write;

use passo_asl::source::LineIndex;
use passo_asl::{Diagnostic, compile, validate};

use crate::{definitions, format_of, options_of};

#[test]
fn findings_are_told() {
    let mut told = String::new();
    for (path, text) in definitions("wrong") {
        let (format, options) = (format_of(&path), options_of(&path));
        let name = path.file_name().unwrap().to_str().unwrap();
        writeln!(told, "# {name}").unwrap();
        let findings = validate(&text, format, &options);
        for finding in &findings {
            writeln!(told, "{}", line(&text, finding)).unwrap();
        }
        let refused = compile(&text, format, &options).err();
        if findings.iter().any(Diagnostic::is_error) {
            assert_eq!(refused, Some(findings), "{name}");
        } else {
            assert!(refused.is_none() && !findings.is_empty(), "{name} is right");
        }
    }
    insta::assert_snapshot!(told);
}

/// `error CODE /place 3:5 ‹the text there›: message (help)`
fn line(text: &str, finding: &Diagnostic) -> String {
    let severity = if finding.is_error() {
        "error"
    } else {
        "warning"
    };
    let place = finding.location.as_deref().unwrap_or("(no place)");
    let place = place.lines().next().unwrap_or_default();
    let position = LineIndex::new(text).position(text, finding.span.start);
    let written: String = finding.span.slice(text).chars().take(24).collect();
    let written = written.replace('\n', " ");
    let message = finding.message.replace('\n', " ");
    let help = finding
        .help
        .iter()
        .map(|help| format!(" ({help})"))
        .collect::<String>();
    format!(
        "{severity} {} {place} {}:{} ‹{written}›: {message}{help}",
        finding.code, position.line, position.column
    )
}
