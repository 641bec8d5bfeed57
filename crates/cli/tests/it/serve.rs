//! The server as its operator sees it: what it refuses to start with, and how it ends.

use std::os::unix::fs::PermissionsExt as _;

use crate::command::Passo;

fn check(arguments: &[&str], environment: &[(&str, &str)], expect: &str) {
    let mut command = Passo::new(
        ["serve", "--ephemeral", "--port", "0"]
            .iter()
            .chain(arguments),
    );
    for (name, value) in environment {
        command = command.env(name, value);
    }
    let said = command.exact_transcript();
    assert_eq!(said, format!("exit 2\n--- stdout\n--- stderr\n{expect}"));
}

#[test]
fn an_open_door_needs_keys() {
    check(
        &["--listen", "0.0.0.0"],
        &[],
        "error: the server cannot start\n  \
         why: `0.0.0.0` can be reached from other machines, and requests are not authenticated\n \
         next: say with --auth FILE which keys requests must be signed with, or listen on 127.0.0.1\n",
    );
    check(
        &[],
        &[("PASSO_ACCESS_KEY_ID", "AKID")],
        "error: PASSO_ACCESS_KEY_ID and PASSO_SECRET_ACCESS_KEY are set together or not at all\n",
    );
    check(
        &[],
        &[
            ("PASSO_ACCESS_KEY_ID", "AKID"),
            ("PASSO_SECRET_ACCESS_KEY", "hidden"),
        ],
        "error: the access key of the environment cannot be used\n  \
         why: the secret access key has fewer than 8 characters\n",
    );
}

#[test]
fn a_file_of_keys_must_be_private_and_right() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys");
    let shown = path.to_str().unwrap();
    let write = |text: &str, mode| {
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    write("AKID hidden-secret\n", 0o644);
    check(
        &["--auth", shown],
        &[],
        &format!(
            "error: the access keys of `{shown}` cannot be used\n  \
             why: others than its owner may read or write it (mode 644)\n \
             next: chmod 600 {shown}\n"
        ),
    );
    write("AKID\n", 0o600);
    check(
        &["--auth", shown],
        &[],
        &format!(
            "error: the access keys of `{shown}` cannot be used\n  \
             why: line 1: an access key id, its secret and its account are wanted\n \
             next: write one key a line: its id, its secret and its account, with spaces between\n"
        ),
    );
}
