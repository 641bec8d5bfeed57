//! What the operations of AWS's services answer: the reader of `model/outputs.bin`.
//!
//! The file is made by `cargo xtask service-model` from the public models. Numbers are written seven bits a byte, the
//! lowest first; a text is its length and its bytes. After a first line come the names (how many, then each as text)
//! and the services (how many, then each: its key as text, how many bytes follow, its shapes and its operations). A
//! shape is a tag and what it consists of, shapes and names by number; an operation is its name and 1 + the number of
//! its output, or 0.

const FILE: &[u8] = include_bytes!("../../../model/outputs.bin");

const MAGIC: &[u8] = b"passo outputs 1\n";

/// What a member may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Structure(Vec<Member>),
    /// Of shapes with that number.
    List(usize),
    /// To shapes with that number.
    Map(usize),
    Text,
    /// One of these texts.
    Word(Vec<&'static str>),
    Number,
    Boolean,
    Anything,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub name: &'static str,
    pub is_required: bool,
    /// The number of its shape.
    pub shape: usize,
}

/// The output of one operation, with the shapes that it may consist of.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub shapes: Vec<Shape>,
    /// None where the operation answers nothing.
    pub shape: Option<usize>,
}

/// The output of `operation`; none where the models do not have it. Where a service's id ends in "Service", tasks leave
/// that out.
pub(super) fn find(service: &str, operation: &str) -> Option<Output> {
    let mut file = Reader {
        bytes: FILE.strip_prefix(MAGIC)?,
    };
    let names = file.number()?;
    let names: Vec<&'static str> = (0..names).map(|_| file.text()).collect::<Option<_>>()?;
    for _ in 0..file.number()? {
        let key = file.text()?;
        let length = file.number()?;
        let body = file.take(length)?;
        if key == service || key.strip_suffix("service") == Some(service) {
            return output(Reader { bytes: body }, &names, operation);
        }
    }
    None
}

fn output(mut body: Reader, names: &[&'static str], operation: &str) -> Option<Output> {
    let count = body.number()?;
    let shapes = (0..count)
        .map(|_| body.shape(names))
        .collect::<Option<_>>()?;
    for _ in 0..body.number()? {
        let name = *names.get(body.number()?)?;
        let output = body.number()?;
        if name == operation {
            return Some(Output {
                shapes,
                shape: output.checked_sub(1),
            });
        }
    }
    None
}

struct Reader {
    bytes: &'static [u8],
}

impl Reader {
    fn take(&mut self, length: usize) -> Option<&'static [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0_usize;
        let mut shift = 0_u32;
        loop {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
            shift = shift.checked_add(7)?;
        }
    }

    fn text(&mut self) -> Option<&'static str> {
        let length = self.number()?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    fn shape(&mut self, names: &[&'static str]) -> Option<Shape> {
        Some(match self.byte()? {
            0 => {
                let count = self.number()?;
                let members = (0..count).map(|_| {
                    let name = *names.get(self.number()?)?;
                    let shape = self.number()?;
                    Some(Member {
                        name,
                        is_required: shape & 1 == 1,
                        shape: shape >> 1,
                    })
                });
                Shape::Structure(members.collect::<Option<_>>()?)
            }
            1 => Shape::List(self.number()?),
            2 => Shape::Map(self.number()?),
            3 => Shape::Text,
            4 => {
                let count = self.number()?;
                let words = (0..count).map(|_| names.get(self.number()?).copied());
                Shape::Word(words.collect::<Option<_>>()?)
            }
            5 => Shape::Number,
            6 => Shape::Boolean,
            7 => Shape::Anything,
            _ => return None,
        })
    }
}
