//! Templates and what comes of them.

use passo_json::{Json, json};

use super::*;

fn object(json: &Json) -> Object {
    json.as_object().cloned().unwrap_or_default()
}

fn scope(body: &str) -> Scope {
    Scope {
        body: body.to_owned(),
        path: object(&json!({"id": "7"})),
        query: object(&json!({"param1": "Hello", "param2": "World"})),
        headers: object(&json!({"X-A": "h", "id": "hidden"})),
        context: object(&json!({"stage": "prod", "identity": {"sourceIp": "1.2.3.4"}})),
        stage_variables: object(&json!({"table": "orders"})),
    }
}

const BODY: &str = r#"{"name": "Ann's \"x\"", "n": 3, "list": [{"a": 1}, {"a": 2}], "o": {"k": "v", "l": [1, 2.5]}, "no": null}"#;

fn check(template: &str, expect: &str) {
    let rendered = render(template, &scope(BODY)).map(|rendered| rendered.text);
    assert_eq!(rendered.as_deref(), Ok(expect), "{template}");
}

#[test]
fn the_input_is_read() {
    for (template, expect) in [
        ("$input.json('$.o')", r#"{"k":"v","l":[1,2.5]}"#),
        ("$input.json('$.name')", r#""Ann's \"x\"""#),
        ("$input.json('$.none')", "\"\""),
        ("$input.path('$.name')", "Ann's \"x\""),
        ("$input.path('$.none')|$input.path('$.no')|", "||"),
        ("$input.path('$.o')", "{k=v, l=[1, 2.5]}"),
        ("$input.path('$').n", "3"),
        ("$input.path('$.list[1].a')", "2"),
        ("$input.path('$.list')[1].a", "2"),
        ("$input.path('$.list').size()", "2"),
        ("$input.path('list').get(0).a", "1"),
        (
            "$input.params().querystring",
            "{param1=Hello, param2=World}",
        ),
        ("$input.params().header.get('X-A')", "h"),
        (
            "$input.params('id') $input.params('X-A') $input.params('none').",
            "7 h .",
        ),
        (
            "#foreach($p in $input.params().keySet())$p#if($foreach.hasNext),#end#end",
            "path,querystring,header",
        ),
        (
            "$context.stage $context.identity.sourceIp $context.none.",
            "prod 1.2.3.4 .",
        ),
        (
            "${stageVariables.table}s $stageVariables.get('table') $stageVariables['table']",
            "orderss orders orders",
        ),
    ] {
        check(template, expect);
    }
    let raw = |body: &str, template: &str| render(template, &scope(body)).unwrap().text;
    assert_eq!(raw("", "$input.json('$') $input.body."), "{} .");
    assert_eq!(
        raw("a text", "$input.json('$') $input.body $input.path('$')"),
        "\"a text\" a text a text"
    );
}

#[test]
fn directives_direct() {
    for (template, expect) in [
        ("#set($x = 1)\n#set($y = $x + 2 * 3)\n$y", "7"),
        ("#set($x = 'a')#set($x = $nothing)$x", "a"),
        ("#if($input.path('$.n') > 2)big#{else}small#end", "big"),
        ("#if($none)a#elseif(!$none && true)b#{else}c#end", "b"),
        ("#if(1 == 2 || 'a' == 'b' or $none)a#else b#end", " b"),
        ("#if($input.path('$.name') == \"\")e#end.", "."),
        (
            "#foreach($i in $input.path('$.list'))$foreach.index:$i.a;#end",
            "0:1;1:2;",
        ),
        (
            "#foreach($i in [3..1])$i#if($velocityCount == 2)#break#end#end",
            "32",
        ),
        (
            "#foreach($i in ['a', 'b'])$foreach.count$i#if($foreach.hasNext), #end#end$i",
            "1a, 2b$i",
        ),
        ("#foreach($v in {'a': 1, 'b': 2})$v#end", "12"),
        ("a## comment\nb#* more *#c#[[$d #if]]#", "abc$d #if"),
        ("a#stop b", "a"),
        ("  #set($a = 1)  \nb", "  b"),
        ("#end2 # $ $1 \\$x \\# c\\d", ""),
    ] {
        if expect.is_empty() {
            assert_eq!(render(template, &scope("")), Err(Broken::Syntax));
            continue;
        }
        check(template, expect);
    }
    check(
        "# $ $1 $$ \\$x \\# c\\d 5#5 #7",
        "# $ $1 $$ $x # c\\d 5#5 #7",
    );
}

#[test]
fn references_show_what_they_are_or_how_they_are_written() {
    for (template, expect) in [
        ("$none $!none ${none.a} $!{none}.", "$none  ${none.a} ."),
        (
            "#set($a = 'x')$a.b ${a}b $a[b] $a. $a-",
            "$a.b xb x[b] x. $a-",
        ),
        ("#set($a = \"<$input.path('$.n')>\")$a", "<3>"),
        ("#set($a = 'it''s $n')$a", "it's $n"),
        ("#set($l = [1, 'b', true, 2.50])$l", "[1, b, true, 2.5]"),
        (
            "#set($m = {'a': [], 'b': {}})$m $m.a $m['b']",
            "{a=[], b={}} [] {}",
        ),
        (
            "#set($e = {})$e#set($e.k = 1)$e#set($e['l'] = 2)$e",
            "{}{k=1}{k=1, l=2}",
        ),
    ] {
        check(template, expect);
    }
}

#[test]
fn methods_are_called() {
    for (template, expect) in [
        (
            "$util.escapeJavaScript($input.path('$.name')).replaceAll(\"\\\\'\", \"'\")",
            "Ann's \\\"x\\\"",
        ),
        (
            "$util.base64Decode($util.base64Encode('hé')) $util.urlEncode('a b&') $util.urlDecode('a+b')",
            "hé a+b%26 a b",
        ),
        ("$util.parseJson('{\"a\": [1]}').a.get(0)", "1"),
        (
            "#set($l = [])#set($d = $l.add('a'))$l.add('b')$l $l.size() $l.contains('a') $l.isEmpty()",
            "true[a, b] 2 true false",
        ),
        (
            "#set($m = {})$!m.put('a', 1)$m.containsKey('a') $m.keySet() #foreach($e in $m.entrySet())$e.key=$e.value#end",
            "true [a] a=1",
        ),
        (
            "#set($s = 'Hello')$s.length() $s.substring(1, 3) $s.substring(3) $s.toUpperCase() $s.indexOf('l') $s.charAt(0)",
            "5 el lo HELLO 2 H",
        ),
        ("#foreach($p in 'a,b,,'.split(','))$p;#end", ""),
        (
            "#set($s = 'a,b,,')#foreach($p in $s.split(','))$p;#end",
            "a;b;",
        ),
        (
            "#set($s = 'a-b')$s.replace('-', '+') $s.replaceAll('(\\w)-(\\w)', '$2$1') $s.matches('a.b') $s.equals('a-b')",
            "a+b ba true true",
        ),
        (
            "#set($Integer = 0)#set($n = $Integer.parseInt('4') + 1)$n",
            "5",
        ),
        (
            "#set($o = $input.path('$.o'))#set($o.k = 'w')$o $input.json('$.o.k')",
            "{k=w, l=[1, 2.5]} \"v\"",
        ),
        ("$input.nothing('x').more $util.none('x')", " "),
    ] {
        if expect.is_empty() {
            // A method of a text that is written there is no reference.
            assert_eq!(
                render(template, &scope("")),
                Err(Broken::Syntax),
                "{template}"
            );
            continue;
        }
        check(template, expect);
    }
}

#[test]
fn what_is_set_of_the_context_overrides() {
    let template = "#set($context.responseOverride.status = 404)#set($context.requestOverride.header.X-A = 'b')#set($context.responseOverride.header['c d'] = \"$input.path('$.n')\")";
    let rendered = render(template, &scope(BODY)).unwrap();
    assert_eq!(
        Json::from(rendered.overrides),
        json!({"responseOverride": {"status": 404, "header": {"c d": "3"}}, "requestOverride": {"header": {"X-A": "b"}}})
    );
}

#[test]
fn what_is_wrong_or_too_much_is_refused() {
    for template in [
        "#if(",
        "#if($a)",
        "#else",
        "#end",
        "#set($a)",
        "#set(a = 1)",
        "#set($a = )",
        "#set($a = 'x)",
        "#foreach($i of $b)#end",
        "#if($a)#else#else#end",
        "#*",
        "#set($a = [1, )",
        "#set($a = 99999999999999999999)",
    ] {
        assert_eq!(
            render(template, &scope("")),
            Err(Broken::Syntax),
            "{template}"
        );
    }
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(5000), close.repeat(5000));
    for template in [
        deep("#if(true)", "#end"),
        format!("#set($a = {})", deep("[", "]")),
        format!("#set($a = {}true)", "!".repeat(50_000)),
        format!("#set($a = {})", "\"$a.b(\"".repeat(5000)),
        format!("#set($a = 1{})", " + 1".repeat(50_000)),
        "x".repeat(400_000),
        "#set($s = 'aaaaaaaa')#foreach($i in [1..99])#set($s = $s + $s)#end".to_owned(),
        "#foreach($a in [1..999])#foreach($b in [1..999])#foreach($c in [1..999])x#end#end#end"
            .to_owned(),
        "#set($a = [1..99999999999])".to_owned(),
    ] {
        let rendered = render(&template, &scope(""));
        assert!(rendered.is_err(), "{template:.60}");
    }
    // A list that holds itself ends somewhere.
    let rendered = render("#set($l = [])$l.add($l)$l", &scope(""));
    assert!(rendered.is_ok());
}
