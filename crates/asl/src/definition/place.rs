//! Where in a definition something stands, as AWS writes it: `/States/Check/Choices[0]/Next`.

use std::fmt;

/// A place, linked to the one around it, so that a place costs nothing until it is told.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    /// The definition itself: `/`.
    pub(crate) const ROOT: Place<'static> = Place {
        parent: None,
        step: Step::Root,
    };

    /// The member `name` of the object at this place.
    pub(crate) fn key(&'a self, name: &'a str) -> Place<'a> {
        Place {
            parent: Some(self),
            step: Step::Key(name),
        }
    }

    /// The item `index` of the array at this place.
    pub(crate) fn index(&'a self, index: usize) -> Place<'a> {
        Place {
            parent: Some(self),
            step: Step::Index(index),
        }
    }

    /// The place inside this one that a JSON Pointer names.
    pub(crate) fn pointer(&self, pointer: &str) -> String {
        let mut text = match self.step {
            Step::Root => String::new(),
            _ => self.to_string(),
        };
        for step in pointer.split('/').skip(1) {
            if !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit()) {
                text.push_str(&format!("[{step}]"));
            } else {
                text.push('/');
                text.push_str(&step.replace("~1", "/").replace("~0", "~"));
            }
        }
        text
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut steps = Vec::new();
        let mut at = Some(self);
        while let Some(place) = at {
            steps.push(place.step);
            at = place.parent;
        }
        if steps.len() == 1 {
            return f.write_str("/");
        }
        for step in steps.into_iter().rev() {
            match step {
                Step::Root => {}
                Step::Key(name) => write!(f, "/{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_aws_writes_it() {
        let root = Place::ROOT;
        let states = root.key("States");
        let state = states.key("A b");
        let choices = state.key("Choices");
        let rule = choices.index(1);
        assert_eq!(root.to_string(), "/");
        assert_eq!(rule.key("Next").to_string(), "/States/A b/Choices[1]/Next");
        assert_eq!(
            rule.pointer("/And/0/a~1b"),
            "/States/A b/Choices[1]/And[0]/a/b"
        );
        assert_eq!(root.pointer("/x"), "/x");
    }
}
