//! Runs the built command and tells what it said.

use std::ffi::OsStr;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

/// The command, about to be run from the root of the repository.
pub struct Passo {
    command: Command,
    input: Vec<u8>,
}

impl Passo {
    /// `passo` with these arguments.
    pub fn new<I: IntoIterator<Item: AsRef<OsStr>>>(arguments: I) -> Passo {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut command = Command::new(env!("CARGO_BIN_EXE_passo"));
        command.args(arguments).current_dir(root);
        for name in [
            "NO_COLOR",
            "CLICOLOR_FORCE",
            "SFN_MOCK_CONFIG",
            "PASSO_ACCESS_KEY_ID",
            "PASSO_SECRET_ACCESS_KEY",
        ] {
            command.env_remove(name);
        }
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AWS_") {
                command.env_remove(name);
            }
        }
        // Whoever runs the tests may have profiles of his own.
        command.env("AWS_CONFIG_FILE", "none");
        command.env("AWS_SHARED_CREDENTIALS_FILE", "none");
        Passo {
            command,
            input: Vec::new(),
        }
    }

    /// What it reads from standard input.
    pub fn input(mut self, text: &str) -> Passo {
        self.input = text.as_bytes().to_vec();
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Passo {
        self.command.env(name, value);
        self
    }

    /// Starts it, with pipes all around.
    pub fn spawn(&mut self) -> Child {
        let command = self.command.stdin(Stdio::piped());
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// Runs it.
    pub fn output(mut self) -> Output {
        let mut child = self.spawn();
        let mut stdin = child.stdin.take().unwrap();
        // A command that does not read its input may be gone already.
        let _ = stdin.write_all(&self.input);
        drop(stdin);
        child.wait_with_output().unwrap()
    }

    /// Runs it, and shows everything that it said, with durations masked.
    pub fn transcript(self) -> String {
        mask_durations(&self.exact_transcript())
    }

    /// Runs it, and shows everything that it said.
    pub fn exact_transcript(self) -> String {
        let output = self.output();
        let code = output
            .status
            .code()
            .map_or("none".to_owned(), |code| code.to_string());
        let stdout = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        format!("exit {code}\n--- stdout\n{stdout}--- stderr\n{stderr}")
    }
}

/// Replaces durations, and the spaces that align them.
fn mask_durations(text: &str) -> String {
    let mut masked = String::new();
    for line in text.split_inclusive('\n') {
        for (index, word) in line.split(' ').enumerate() {
            let end = if word.ends_with('\n') { "\n" } else { "" };
            let core = word.trim_end_matches(['\n', ',']);
            if is_duration(core) {
                masked.truncate(masked.trim_end_matches(' ').len());
                let comma = if word.contains(',') { "," } else { "" };
                masked.push_str(&format!(" [time]{comma}{end}"));
                continue;
            }
            if index > 0 {
                masked.push(' ');
            }
            masked.push_str(word);
        }
    }
    masked
}

fn is_duration(word: &str) -> bool {
    let units = ["ms", "s", "m", "h", "d"];
    let unit = units.iter().find_map(|unit| word.strip_suffix(unit));
    let is_number = |text: &str| {
        let legal = |c: char| c.is_ascii_digit() || c == '.' || c == 'm' || c == 'h';
        text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(legal)
    };
    unit.is_some_and(is_number)
}

#[test]
fn durations_are_masked() {
    let text =
        "✔ a  succeeded     412ms  2 retries\nsucceeded in 3.5s, 4 states entered\nb 1m02s\n";
    let expect =
        "✔ a  succeeded [time]  2 retries\nsucceeded in [time], 4 states entered\nb [time]\n";
    assert_eq!(mask_durations(text), expect);
}
