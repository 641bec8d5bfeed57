//! Data sets in a small S3 of one bucket.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use passo_engine::map::{ChildOutcome, ChildRecord, ItemReaderSpec, ResultWriterSpec};
use passo_json::{Json, Payload, json};
use passo_service::{Fault, RequestId, body};
use passo_vocab::{Failure, Timestamp};

use super::{Calls, Outcomes, Reader, write};

/// Keys of one page of a list.
const LIST_KEYS: usize = 2;

#[derive(Default)]
struct Bucket {
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    calls: Mutex<Vec<String>>,
}

impl Bucket {
    fn with(objects: &[(&str, &[u8])]) -> Arc<Bucket> {
        let bucket = Bucket::default();
        for (key, bytes) in objects {
            bucket.put(key, bytes);
        }
        Arc::new(bucket)
    }

    fn put(&self, key: &str, bytes: &[u8]) {
        self.objects
            .lock()
            .unwrap()
            .insert(key.to_owned(), bytes.to_vec());
    }

    fn text(&self, key: &str) -> String {
        let objects = self.objects.lock().unwrap();
        String::from_utf8(objects.get(key).unwrap().clone()).unwrap()
    }

    fn get(&self, parameters: &Json) -> Result<Json, Fault> {
        let objects = self.objects.lock().unwrap();
        let text = |name: &str| parameters.get(name).and_then(Json::as_str);
        let none =
            || Fault::caller("NoSuchKey", "The specified key does not exist.").with_status(404);
        let object = objects.get(text("Key").unwrap()).ok_or_else(none)?;
        let etag = format!("\"{}\"", object.len());
        if text("IfMatch").is_some_and(|wanted| wanted != etag) {
            return Err(Fault::caller("PreconditionFailed", "It has changed."));
        }
        let (first, last) = text("Range")
            .unwrap()
            .strip_prefix("bytes=")
            .unwrap()
            .split_once('-')
            .unwrap();
        let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
        if first >= object.len() {
            return Err(Fault::caller("InvalidRange", "There is nothing.").with_status(416));
        }
        let range = object.get(first..object.len().min(last + 1)).unwrap();
        let shown = format!("bytes {first}-{last}/{}", object.len());
        Ok(json!({"Body": body::of_bytes(range), "ETag": etag, "ContentRange": shown}))
    }

    fn list(&self, parameters: &Json) -> Json {
        let objects = self.objects.lock().unwrap();
        let text = |name: &str| {
            parameters
                .get(name)
                .and_then(Json::as_str)
                .unwrap_or_default()
        };
        let all: Vec<(&String, &Vec<u8>)> = objects
            .iter()
            .filter(|(key, _)| key.starts_with(text("Prefix")) && &***key > text("StartAfter"))
            .collect();
        let object = |(key, bytes): &(&String, &Vec<u8>)| {
            json!({"ETag": "\"e\"", "Key": &***key, "LastModified": 1700000000.5,
                "Size": i64::try_from(bytes.len()).unwrap(), "StorageClass": "STANDARD"})
        };
        let listed: Vec<Json> = all.iter().take(LIST_KEYS).map(object).collect();
        json!({"Contents": listed, "IsTruncated": all.len() > LIST_KEYS})
    }
}

impl Calls for Bucket {
    fn call(&self, operation: &str, parameters: Json) -> Result<Json, Fault> {
        self.calls.lock().unwrap().push(operation.to_owned());
        let text = |name: &str| {
            parameters
                .get(name)
                .and_then(Json::as_str)
                .unwrap_or_default()
        };
        if text("Bucket") == "missing" {
            let gone = "The specified bucket does not exist";
            return Err(Fault::caller("NoSuchBucket", gone).with_status(404));
        }
        match operation {
            "GetObject" => self.get(&parameters),
            "ListObjectsV2" => Ok(self.list(&parameters)),
            "PutObject" => {
                self.put(text("Key"), text("Body").as_bytes());
                Ok(json!({}))
            }
            "CreateMultipartUpload" => Ok(json!({"UploadId": "u"})),
            "UploadPart" => {
                let mut objects = self.objects.lock().unwrap();
                let object = objects.entry(text("Key").to_owned()).or_default();
                object.extend_from_slice(text("Body").as_bytes());
                Ok(json!({"ETag": "\"p\""}))
            }
            "CompleteMultipartUpload" => Ok(json!({})),
            other => unreachable!("{other}"),
        }
    }

    fn request_id(&self) -> RequestId {
        RequestId::new("id")
    }
}

fn spec(resource: &str, arguments: Json, config: Json) -> ItemReaderSpec {
    ItemReaderSpec {
        resource: format!("arn:aws:states:::s3:{resource}").into(),
        arguments: Some(Payload::from(arguments)),
        config,
        max_items: None,
    }
}

fn object(key: &str, config: Json) -> ItemReaderSpec {
    spec("getObject", json!({"Bucket": "b", "Key": key}), config)
}

/// Every item as text, in order; read once by one reader, and once by another reader for every page.
fn items(bucket: &Arc<Bucket>, spec: &ItemReaderSpec) -> Result<Vec<String>, Failure> {
    let mut both = Vec::new();
    for is_kept in [true, false] {
        let calls = || Arc::clone(bucket) as Arc<dyn Calls>;
        let mut reader = Reader::open(spec, None, calls())?;
        let mut found = Vec::new();
        loop {
            let page = reader.page()?;
            found.extend(page.items.iter().map(|item| match &item.key {
                Some(key) => format!("{key}={}", item.value),
                None => item.value.to_text(),
            }));
            let Some(cursor) = page.cursor else {
                break;
            };
            if !is_kept {
                reader = Reader::open(spec, Some(&cursor), calls())?;
            }
        }
        both.push(found);
    }
    let anew = both.pop().unwrap();
    assert_eq!(both.pop().unwrap(), anew, "reading goes on where it was");
    Ok(anew)
}

fn check(text: &str, config: Json, expect: &[&str]) {
    let bucket = Bucket::with(&[("k", text.as_bytes())]);
    assert_eq!(
        items(&bucket, &object("k", config)).unwrap(),
        expect,
        "{text}"
    );
}

fn fails(text: &str, config: Json, cause: &str) {
    let bucket = Bucket::with(&[("k", text.as_bytes())]);
    let failure = items(&bucket, &object("k", config)).unwrap_err();
    assert_eq!(failure.error.unwrap().as_str(), "States.ItemReaderFailed");
    assert_eq!(failure.cause.as_deref(), Some(cause), "{text}");
}

#[test]
fn rows_are_split_as_step_functions_splits_them() {
    for (text, expect) in [
        // Recorded: fewer and more fields, blanks, a header without a name.
        (
            "A,B\n1,2\n,,,\n   \n",
            &[
                r#"{"A":"1","B":"2"}"#,
                r#"{"A":"","B":""}"#,
                r#"{"A":"   ","B":""}"#,
            ][..],
        ),
        ("H1,\na,b,c\n", &[r#"{"":"b","H1":"a"}"#]),
        (
            "A,B\r\n1,2\r\n\r\n\n3,4",
            &[r#"{"A":"1","B":"2"}"#, r#"{"A":"3","B":"4"}"#],
        ),
        ("\u{feff}A\nx\n", &[r#"{"A":"x"}"#]),
        ("A\n\"x,\ny\"\n", &[r#"{"A":"x,\ny"}"#]),
        ("A\n\"x\"\"y\"\n", &[r#"{"A":"x\"y"}"#]),
        ("A\nx\\,y\\\\z\\n\n", &[r#"{"A":"x,y\\zn"}"#]),
        ("A\n\"say \\\"x\\\"\"\r\n", &[r#"{"A":"say \"x\""}"#]),
        ("A\n\u{e4}\u{20ac}\n", &["{\"A\":\"\u{e4}\u{20ac}\"}"]),
        ("A,B\n", &[]),
        ("", &[]),
    ] {
        check(
            text,
            json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}),
            expect,
        );
    }
    let given = |delimiter: &str| {
        json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a", "b"],
            "CSVDelimiter": delimiter})
    };
    for (delimiter, text) in [
        ("COMMA", "1,2"),
        ("PIPE", "1|2"),
        ("SEMICOLON", "1;2"),
        ("SPACE", "1 2"),
        ("TAB", "1\t2"),
    ] {
        check(text, given(delimiter), &[r#"{"a":"1","b":"2"}"#]);
    }
}

#[test]
fn members_are_in_the_order_of_a_java_program() {
    let config = json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"});
    let row = r#"{"rating":"3.5","movieId":"307","userId":"1","timestamp":"9"}"#;
    check(
        "userId,movieId,rating,timestamp\n1,307,3.5,9\n",
        config,
        &[row],
    );
}

#[test]
fn headers_are_checked() {
    let first = json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"});
    fails(
        "A,A\n1,2\n",
        first.clone(),
        "CSV headers cannot contain duplicates.",
    );
    let long = format!("{}\n1\n", "x".repeat(10 * 1024 + 1));
    fails(&long, first, "CSV headers cannot exceed 10 KB.");
}

#[test]
fn json_is_read_without_being_held() {
    let json = || json!({"InputType": "JSON"});
    check(
        " [1, \"a\\\"]\", {\"b\": [2]}, null ]",
        json(),
        &["1", r#""a\"]""#, r#"{"b":[2]}"#, "null"],
    );
    check(
        r#"{"x": 1, "y": {"z": []}}"#,
        json(),
        &["x=1", r#"y={"z":[]}"#],
    );
    check("[]", json(), &[]);
    let at = |pointer: &str| json!({"InputType": "JSON", "ItemsPointer": pointer});
    let text = r#"{"a": {"skip": "]}", "b/c": [[0], [1, 2]]}}"#;
    check(text, at("/a/b~1c/1"), &["1", "2"]);
    check(text, at("/a/b~1c"), &["[0]", "[1,2]"]);
    let missing = "ItemsPointer '/a/x' matches nothing in the JSON file.";
    fails(text, at("/a/x"), missing);
    fails("7", json(), "Attempting to map over non-iterable node.");
    fails("", json(), "The JSON file is not valid JSON.");
    let bucket = Bucket::with(&[("k", b"[1, oops]")]);
    assert!(items(&bucket, &object("k", json())).is_err());
}

#[test]
fn lines_are_items() {
    let lines = || json!({"InputType": "JSONL"});
    check(
        "{\"a\":1}\n\n[2]\r\n\"x\"",
        lines(),
        &[r#"{"a":1}"#, "[2]", r#""x""#],
    );
    let bucket = Bucket::with(&[("k", b"{\n")]);
    assert!(items(&bucket, &object("k", lines())).is_err());
}

/// More rows than a page and than a range of bytes.
fn many() -> (String, Vec<String>) {
    let numbers = || 0..6_000_u32;
    let text = numbers().map(|number| format!("{number},\u{20ac}{}\n", "x".repeat(180)));
    let text = format!("id,text\n{}", text.collect::<String>());
    let row = |number| {
        format!(
            "{{\"id\":\"{number}\",\"text\":\"\u{20ac}{}\"}}",
            "x".repeat(180)
        )
    };
    (text, numbers().map(row).collect())
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zstandard(text: &str) -> Vec<u8> {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    // Two frames, one after the other.
    let (first, second) = text.split_at(text.len() / 2);
    let frame = |part: &str| compress_to_vec(part.as_bytes(), CompressionLevel::Fastest);
    [frame(first), frame(second)].concat()
}

#[test]
fn reading_goes_on_where_it_was_compressed_or_not() {
    let (text, expect) = many();
    let config = || json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"});
    let bucket = Bucket::with(&[
        ("k.csv", text.as_bytes()),
        ("k.csv.gz", &gzip(&text)),
        ("k.csv.zstd", &zstandard(&text)),
    ]);
    for key in ["k.csv", "k.csv.gz", "k.csv.zstd"] {
        let found = items(&bucket, &object(key, config())).unwrap();
        assert_eq!(found.len(), expect.len(), "{key}");
        assert!(found == expect, "{key}");
    }
    bucket.put("broken.gz", b"no gzip");
    assert!(items(&bucket, &object("broken.gz", config())).is_err());
}

#[test]
fn an_object_that_changes_fails() {
    let (text, _) = many();
    let bucket = Bucket::with(&[("k", text.as_bytes())]);
    let spec = object(
        "k",
        json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}),
    );
    let calls = || Arc::clone(&bucket) as Arc<dyn Calls>;
    let cursor = Reader::open(&spec, None, calls())
        .unwrap()
        .page()
        .unwrap()
        .cursor
        .unwrap();
    bucket.put("k", b"id\n1\n");
    let mut reader = Reader::open(&spec, Some(&cursor), calls()).unwrap();
    let failure = reader.page().unwrap_err();
    assert_eq!(
        failure.cause.as_deref(),
        Some("The object 'k' changed while it was read.")
    );
}

#[test]
fn what_s3_refuses_fails_the_reader() {
    let bucket = Bucket::with(&[]);
    let cause = |spec: &ItemReaderSpec| items(&bucket, spec).unwrap_err();
    let gone = cause(&object("k", json!({"InputType": "JSON"})));
    assert_eq!(gone.error.unwrap().as_str(), "States.ItemReaderFailed");
    let text = "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: id, Extended Request ID: id)";
    assert_eq!(gone.cause.as_deref(), Some(text));
    let missing = spec("listObjectsV2", json!({"Bucket": "missing"}), json!({}));
    assert!(
        cause(&missing)
            .cause
            .unwrap()
            .starts_with("The specified bucket does not exist (Service: S3")
    );
    let nameless = spec("getObject", json!({"Bucket": "b"}), json!({}));
    assert_eq!(
        cause(&nameless).cause.as_deref(),
        Some("The ItemReader needs a Key that is text.")
    );
    let other = spec("deleteObject", json!({"Bucket": "b"}), json!({}));
    assert!(cause(&other).cause.unwrap().contains("deleteObject"));
}

#[test]
fn objects_and_what_is_in_them_are_listed() {
    let bucket = Bucket::with(&[
        ("d/", b""),
        ("d/1.csv", b"a\n1\n2\n"),
        ("d/2.csv", b"a\n"),
        ("d/3.csv", b"a\n3\n"),
        ("other", b""),
    ]);
    let arguments = || json!({"Bucket": "b", "Prefix": "d/"});
    let listed = items(&bucket, &spec("listObjectsV2", arguments(), json!({}))).unwrap();
    assert_eq!(listed.len(), 4);
    let first = r#"{"Etag":"\"e\"","LastModified":1700000000,"Key":"d/","Size":0,"StorageClass":"STANDARD"}"#;
    assert_eq!(listed.first().map(String::as_str), Some(first));
    let flatten = json!({"Transformation": "LOAD_AND_FLATTEN", "InputType": "CSV",
        "CSVHeaderLocation": "FIRST_ROW"});
    let contents = items(&bucket, &spec("listObjectsV2", arguments(), flatten)).unwrap();
    assert_eq!(contents, [r#"{"a":"1"}"#, r#"{"a":"2"}"#, r#"{"a":"3"}"#]);
}

#[test]
fn manifests_name_files() {
    let manifest = json!({"destinationBucket": "arn:aws:s3:::b", "fileFormat": "CSV",
        "fileSchema": "Bucket, Key", "files": [{"key": "1.csv.gz"}, {"key": "2.csv.gz"}]});
    let bucket = Bucket::with(&[
        ("manifest.json", manifest.to_text().as_bytes()),
        ("1.csv.gz", &gzip("\"b\",\"x\"\n\"b\",\"y\"\n")),
        ("2.csv.gz", &gzip("\"b\",\"z\"\n")),
        ("unload", b"s3://b/1.jsonl\ns3://b/2.jsonl\n"),
        ("1.jsonl", b"1\n2\n"),
        ("2.jsonl", b"3\n"),
    ]);
    let key = |name: &str| format!(r#"{{"Bucket":"b","Key":"{name}"}}"#);
    for config in [
        json!({"InputType": "MANIFEST"}),
        json!({"ManifestType": "S3_INVENTORY"}),
    ] {
        let found = items(&bucket, &object("manifest.json", config)).unwrap();
        assert_eq!(found, [key("x"), key("y"), key("z")]);
    }
    let athena = json!({"ManifestType": "ATHENA_DATA", "InputType": "JSONL"});
    assert_eq!(
        items(&bucket, &object("unload", athena)).unwrap(),
        ["1", "2", "3"]
    );
    let wrong = object("unload", json!({"InputType": "MANIFEST"}));
    assert!(items(&bucket, &wrong).is_err());
}

/// Children that ended in every way there is.
struct Ended(Vec<ChildRecord>);

impl Outcomes for Ended {
    fn visit(&self, visit: &mut dyn FnMut(ChildRecord) -> ControlFlow<()>) -> Result<(), String> {
        for record in &self.0 {
            if visit(record.clone()).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn json(&self, record: &ChildRecord) -> Json {
        json!({"Name": record.name.as_deref().unwrap_or_default()})
    }
}

fn child(index: u32, outcome: Option<ChildOutcome>) -> ChildRecord {
    let at = |seconds: i64| {
        outcome
            .as_ref()
            .map(|_| Timestamp::from_epoch_millis(seconds * 1000))
    };
    ChildRecord {
        index,
        input: Payload::from(json!({"n": i64::from(index)})),
        name: outcome.as_ref().map(|_| format!("n{index}").into()),
        redrives: 0,
        started_at: at(0),
        stopped_at: at(1),
        outcome,
    }
}

fn results(
    config: Json,
    bucket_name: &str,
    children: Vec<ChildRecord>,
) -> (Arc<Bucket>, Result<Json, Failure>) {
    let writer = ResultWriterSpec {
        resource: Some("arn:aws:states:::s3:putObject".into()),
        arguments: Some(Payload::from(
            json!({"Bucket": bucket_name, "Prefix": "out/"}),
        )),
        config,
    };
    let bucket = Bucket::with(&[]);
    let written = write(
        "arn:aws:states:::mapRun:m/L:run",
        &writer,
        &Ended(children),
        &*bucket,
    );
    (bucket, written)
}

fn outcomes() -> Vec<ChildRecord> {
    let output = |value: Json| Some(ChildOutcome::Succeeded(Payload::from(value)));
    let failure = Failure {
        error: Some(passo_vocab::ErrorName::new("E")),
        cause: Some("why".into()),
    };
    vec![
        child(0, output(json!([1, 2]))),
        child(1, output(json!({"a": 3}))),
        child(2, Some(ChildOutcome::Failed(failure))),
        child(3, Some(ChildOutcome::Aborted)),
        child(4, None),
    ]
}

#[test]
fn results_are_written_by_how_children_ended() {
    let (bucket, details) = results(json!({}), "b", outcomes());
    let key = "out/run/manifest.json";
    assert_eq!(details.unwrap(), json!({"Bucket": "b", "Key": key}));
    let manifest = Json::parse(&bucket.text(key)).unwrap();
    assert_eq!(manifest.get("DestinationBucket"), Some(&json!("b")));
    let files = |name: &str| {
        manifest
            .get("ResultFiles")
            .unwrap()
            .get(name)
            .unwrap()
            .clone()
    };
    for (name, children) in [("SUCCEEDED", 2), ("FAILED", 2), ("PENDING", 1)] {
        let text = bucket.text(&format!("out/run/{name}_0.json"));
        let size = i64::try_from(text.len()).unwrap();
        assert_eq!(
            files(name),
            json!([{"Key": format!("out/run/{name}_0.json"), "Size": size}])
        );
        assert_eq!(
            Json::parse(&text).unwrap().as_array().unwrap().len(),
            children,
            "{name}"
        );
    }
}

#[test]
fn results_have_the_form_that_is_asked_for() {
    for (transformation, output_type, name, expect) in [
        ("COMPACT", "JSON", "SUCCEEDED_0.json", r#"[[1,2],{"a":3}]"#),
        ("FLATTEN", "JSON", "SUCCEEDED_0.json", r#"[1,2,{"a":3}]"#),
        (
            "COMPACT",
            "JSONL",
            "SUCCEEDED_0.jsonl",
            "[1,2]\n{\"a\":3}\n",
        ),
        ("FLATTEN", "JSONL", "SUCCEEDED_0.jsonl", "1\n2\n{\"a\":3}\n"),
    ] {
        let config = json!({"Transformation": transformation, "OutputType": output_type});
        let (bucket, details) = results(config, "b", outcomes());
        assert!(details.is_ok());
        assert_eq!(bucket.text(&format!("out/run/{name}")), expect);
    }
    let (_, refused) = results(json!({}), "missing", outcomes());
    assert_eq!(
        refused.unwrap_err().error.unwrap().as_str(),
        "States.ResultWriterFailed"
    );
}

#[test]
fn large_results_leave_in_parts() {
    let output = Payload::from(Json::from("x".repeat(200_000)));
    let children =
        (0..100).map(|index| child(index, Some(ChildOutcome::Succeeded(output.clone()))));
    let (bucket, details) = results(
        json!({"Transformation": "COMPACT"}),
        "b",
        children.collect(),
    );
    assert!(details.is_ok());
    let written = Json::parse(&bucket.text("out/run/SUCCEEDED_0.json")).unwrap();
    assert_eq!(written.as_array().unwrap().len(), 100);
    let calls = bucket.calls.lock().unwrap();
    assert_eq!(calls.iter().filter(|call| *call == "UploadPart").count(), 3);
}

/// Rows of two columns in groups of forty.
#[cfg(feature = "parquet")]
fn parquet_file(codec: parquet::basic::Compression) -> Vec<u8> {
    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    let schema = "message m { REQUIRED INT64 id; OPTIONAL BYTE_ARRAY name (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder().set_compression(codec).build();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties)).unwrap();
    for group in 0..26_i64 {
        let ids: Vec<i64> = (group * 40..group * 40 + 40).collect();
        let mut rows = writer.next_row_group().unwrap();
        let mut column = rows.next_column().unwrap().unwrap();
        column
            .typed::<Int64Type>()
            .write_batch(&ids, None, None)
            .unwrap();
        column.close().unwrap();
        let mut column = rows.next_column().unwrap().unwrap();
        let names = ["a", "b", "c"].map(ByteArray::from).repeat(10);
        let levels = [1, 1, 0, 1].repeat(10);
        column
            .typed::<ByteArrayType>()
            .write_batch(&names, Some(&levels), None)
            .unwrap();
        column.close().unwrap();
        rows.close().unwrap();
    }
    writer.close().unwrap();
    bytes
}

#[cfg(feature = "parquet")]
#[test]
fn rows_of_parquet_files_are_items() {
    use parquet::basic::{Compression, GzipLevel, ZstdLevel};

    let names = [r#""a""#, r#""b""#, "null", r#""c""#].iter().cycle();
    let expect: Vec<String> = (0..1040)
        .zip(names)
        .map(|(id, name)| format!(r#"{{"id":{id},"name":{name}}}"#))
        .collect();
    for codec in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
    ] {
        let bucket = Bucket::with(&[("k", &parquet_file(codec))]);
        let found = items(&bucket, &object("k", json!({"InputType": "PARQUET"}))).unwrap();
        assert!(found == expect, "{codec}: {:?}", found.first());
    }
    let bucket = Bucket::with(&[("k", b"no Parquet file")]);
    assert!(items(&bucket, &object("k", json!({"InputType": "PARQUET"}))).is_err());
}
