//! `passo fmt`.

use std::fs;

use crate::command::Passo;

#[test]
fn files_get_their_form_once() {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("a.asl.json");
    let yaml = folder.path().join("b.asl.yaml");
    let commented = folder.path().join("c.asl.yaml");
    fs::write(
        &json,
        r#"{"States": {"A": {"End": true, "Type": "Pass"}}, "StartAt": "A"}"#,
    )
    .unwrap();
    fs::write(&yaml, "States:\n    A: {Type: Succeed}\nStartAt: A\n").unwrap();
    fs::write(
        &commented,
        "StartAt: A # here\nStates: {A: {Type: Succeed}}\n",
    )
    .unwrap();
    let path = folder.path().to_str().unwrap();
    let run = |arguments: &[&str]| {
        let output = Passo::new([&["fmt"], arguments].concat()).output();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let before = fs::read_to_string(&json).unwrap();
    let (code, stdout, _) = run(&["--check", path]);
    assert_eq!((code, stdout.lines().count()), (Some(1), 2));
    assert_eq!(fs::read_to_string(&json).unwrap(), before);
    let (code, _, stderr) = run(&[path]);
    assert_eq!(code, Some(0));
    assert!(
        stderr.contains("c.asl.yaml: left as it is: its comments would be lost"),
        "{stderr}"
    );
    let expect = "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": {\n      \"Type\": \"Pass\",\n      \"End\": true\n    }\n  }\n}\n";
    assert_eq!(fs::read_to_string(&json).unwrap(), expect);
    assert_eq!(
        fs::read_to_string(&yaml).unwrap(),
        "StartAt: A\nStates:\n  A:\n    Type: Succeed\n"
    );
    let (code, _, _) = run(&["--check", path]);
    assert_eq!(code, Some(0));
    fs::write(&commented, "[").unwrap();
    let (code, _, _) = run(&[path]);
    assert_eq!(code, Some(1));
    fs::remove_file(&commented).unwrap();
    let (code, stdout, _) = run(&["--check", path]);
    assert_eq!((code, stdout.as_str()), (Some(0), ""));
}
