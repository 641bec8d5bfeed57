//! Calls: of definitions, built-ins, host functions, partial applications, chains and regexes.

use super::{Evaluator, Outcome};
use crate::code::{Call, Code, HostCode, Lambda, Node};
use crate::error::Error;
use crate::frame::Frame;
use crate::function::{Closure, Function};
use crate::value::Value;
use std::rc::Rc;
use std::sync::Arc;

/// What a function's body comes to.
enum Tail {
    Value(Value),
    /// A call in tail position: made by the caller's loop, so that the stack does not grow.
    Call {
        function: Value,
        arguments: Vec<Value>,
        /// Where the call stands; nothing for a call that no source makes.
        site: Option<Site>,
    },
}

/// Whether a definition looks at its arguments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Check {
    Signature,
    Nothing,
}

/// Where a call stands, for error reports.
struct Site {
    position: usize,
    name: Option<Arc<str>>,
}

impl Site {
    fn mark(&self, mut error: Box<Error>) -> Box<Error> {
        error.position.get_or_insert(self.position);
        if let (None, Some(name)) = (&error.token, &self.name) {
            error.token = Some(name.to_string());
            name_function(&mut error, name);
        }
        error
    }
}

impl Evaluator<'_> {
    /// `f(…)`, with the value applied by `~>` as its first argument.
    #[inline(never)]
    pub(super) fn call_node(
        &mut self,
        call: &Call,
        applied: Option<Value>,
        input: &Value,
        frame: &Rc<Frame>,
        position: usize,
    ) -> Outcome {
        let function = self.procedure(call, input, frame, position, "T1005")?;
        let arguments = self.arguments(call, applied, input, frame)?;
        self.call_value(&function, arguments, input)
            .map_err(|error| {
                let site = Site {
                    position,
                    name: call.name.clone(),
                };
                site.mark(error)
            })
    }

    /// The function that a call names.
    fn procedure(
        &mut self,
        call: &Call,
        input: &Value,
        frame: &Rc<Frame>,
        position: usize,
        code: &'static str,
    ) -> Outcome {
        let function = self.eval(&call.procedure, input, frame)?;
        if let (true, Some(meant), Some(name)) = (function.is_undefined(), &call.meant, &call.name)
            && self.variable(meant, frame).is_bound()
        {
            let message = match code {
                "T1005" => format!("attempted to invoke a non-function. Did you mean ${name}?"),
                _ => format!("attempted to partially apply a non-function. Did you mean ${name}?"),
            };
            return Err(Box::new(
                Error::new(code, message).at(position).token(&**name),
            ));
        }
        Ok(function)
    }

    fn arguments(
        &mut self,
        call: &Call,
        applied: Option<Value>,
        input: &Value,
        frame: &Rc<Frame>,
    ) -> Result<Vec<Value>, Box<Error>> {
        let count = call.arguments.len() + usize::from(applied.is_some());
        let mut arguments = self.spare.list(count);
        arguments.extend(applied);
        for argument in call.arguments.iter().flatten() {
            let value = self.eval(argument, input, frame)?;
            arguments.push(value.without_tuples());
        }
        Ok(arguments)
    }

    fn call_value(&mut self, function: &Value, arguments: Vec<Value>, context: &Value) -> Outcome {
        match function {
            Value::Function(function) => self.call(function, arguments, context),
            _ => Err(not_a_function()),
        }
    }

    /// Calls a function. `context` stands in for arguments that a signature takes from the context.
    pub(crate) fn call(
        &mut self,
        function: &Rc<Function>,
        arguments: Vec<Value>,
        context: &Value,
    ) -> Outcome {
        let mut function = Rc::clone(function);
        let mut arguments = arguments;
        let mut site: Option<Site> = None;
        loop {
            self.budget.spend_step()?;
            if let Function::Native(_) = &*function {
                self.spend_reading(&arguments)?;
            }
            let result = self.invoke(&function, arguments, context);
            let result = match &site {
                Some(site) => result.map_err(|error| site.mark(error))?,
                None => result?,
            };
            match result {
                Tail::Value(value) => return Ok(value),
                Tail::Call {
                    function: Value::Function(next),
                    arguments: values,
                    site: place,
                } => {
                    function = next;
                    arguments = values;
                    site = place.or(site);
                }
                Tail::Call { site: place, .. } => {
                    let error = not_a_function();
                    return Err(match place.or(site) {
                        Some(site) => site.mark(error),
                        None => error,
                    });
                }
            }
        }
    }

    /// Runs a function up to a call in tail position.
    fn invoke(
        &mut self,
        function: &Function,
        arguments: Vec<Value>,
        context: &Value,
    ) -> Result<Tail, Box<Error>> {
        match function {
            Function::Lambda(closure) => {
                self.call_closure(closure, arguments, context, Check::Signature)
            }
            Function::Native(native) => {
                let arguments = native.check(arguments, context)?;
                native.run(self, arguments).map(Tail::Value)
            }
            Function::Host(host) => self.call_host(host, arguments, context).map(Tail::Value),
            Function::Partial {
                function,
                arguments: given,
                ..
            } => {
                let arguments = filled(given, arguments);
                match &**function {
                    // A definition applied in part no longer checks its signature.
                    Function::Lambda(closure) => {
                        self.call_closure(closure, arguments, context, Check::Nothing)
                    }
                    _ => Ok(then(function, arguments)),
                }
            }
            Function::Chain { first, second, .. } => {
                let first_argument = arguments.into_iter().next().unwrap_or_default();
                self.budget.enter()?;
                let value = self.call(first, vec![first_argument], &Value::Undefined)?;
                self.budget.leave();
                Ok(then(second, vec![value]))
            }
            Function::Transform { code, frame } => {
                let value = arguments.into_iter().next().unwrap_or_default();
                self.transform(code, value, frame).map(Tail::Value)
            }
            Function::Regex(regex) => match arguments.first().and_then(Value::as_text) {
                Some(text) => self.match_value(regex, text, 0).map(Tail::Value),
                None => Ok(Tail::Value(Value::Undefined)),
            },
            Function::NextMatch { regex, text, from } => {
                self.next_match(regex, text, *from).map(Tail::Value)
            }
        }
    }

    /// Spends for texts that a built-in function may read from end to end.
    fn spend_reading(&mut self, arguments: &[Value]) -> Result<(), Box<Error>> {
        let texts = arguments.iter().filter_map(Value::as_text);
        let bytes: usize = texts.map(|text| text.len()).sum();
        self.budget.spend_steps(arguments.len() + bytes / 8)
    }

    /// Spends for the variables of a frame. The first few are part of the step that enters it.
    pub(super) fn spend_slots(&mut self, slots: usize) -> Result<(), Box<Error>> {
        const FREE: usize = 16;
        let bytes = slots
            .saturating_sub(FREE)
            .saturating_mul(size_of::<Option<Value>>());
        self.budget.spend_bytes(bytes)
    }

    fn call_closure(
        &mut self,
        closure: &Closure,
        arguments: Vec<Value>,
        context: &Value,
        check: Check,
    ) -> Result<Tail, Box<Error>> {
        let code = &closure.code;
        let arguments = match &code.signature {
            Some(signature) if check == Check::Signature => signature.check(arguments, context)?,
            _ => arguments,
        };
        // Parameters of one name share a slot, but each of them is bound.
        self.spend_slots(code.slots.max(code.parameters))?;
        let frame = self.bind(code, arguments, &closure.frame);
        let tail = self.tail(&code.body, &closure.input, &frame)?;
        self.spare.keep(frame);
        Ok(tail)
    }

    /// The frame of a call: every parameter is bound, if only to undefined.
    fn bind(&mut self, code: &Lambda, mut arguments: Vec<Value>, parent: &Rc<Frame>) -> Rc<Frame> {
        arguments.resize(code.parameters, Value::Undefined);
        if !code.repeats {
            return self.spare.frame(arguments, code.slots, parent);
        }
        let frame = Frame::new(code.slots, Some(Rc::clone(parent)));
        for (slot, argument) in code.parameter_slots.iter().zip(arguments) {
            frame.set_own(*slot, Some(argument));
        }
        Rc::new(frame)
    }

    /// Evaluates a body up to a call in tail position.
    fn tail(&mut self, node: &Node, input: &Value, frame: &Rc<Frame>) -> Result<Tail, Box<Error>> {
        let calls = matches!(
            node.code,
            Code::Condition(_) | Code::Block { .. } | Code::Call(_)
        );
        if !calls || node.after.is_some() || node.keep_array {
            return self.eval(node, input, frame).map(Tail::Value);
        }
        self.budget.enter()?;
        let tail = match &node.code {
            Code::Condition(branches) => {
                let holds = self.condition(&branches.0, input, frame)?;
                match (holds, &branches.2) {
                    (true, _) => self.tail(&branches.1, input, frame)?,
                    (false, Some(otherwise)) => self.tail(otherwise, input, frame)?,
                    (false, None) => Tail::Value(Value::Undefined),
                }
            }
            Code::Block { scope, items } => {
                let own = self.enter_scope(scope, frame)?;
                let frame = own.as_ref().unwrap_or(frame);
                match items.split_last() {
                    Some((last, earlier)) => {
                        for item in earlier {
                            self.eval(item, input, frame)?;
                        }
                        self.tail(last, input, frame)?
                    }
                    None => Tail::Value(Value::Undefined),
                }
            }
            Code::Call(call) => {
                let function = self.procedure(call, input, frame, node.position, "T1005")?;
                let arguments = self.arguments(call, None, input, frame)?;
                let site = Site {
                    position: node.position,
                    name: call.name.clone(),
                };
                Tail::Call {
                    function,
                    arguments,
                    site: Some(site),
                }
            }
            _ => Tail::Value(self.code(node, input, frame)?),
        };
        self.budget.leave();
        Ok(tail)
    }

    fn call_host(&mut self, host: &HostCode, arguments: Vec<Value>, context: &Value) -> Outcome {
        let arguments = host.signature.check(arguments, context)?;
        let mut plain = Vec::with_capacity(arguments.len());
        for argument in arguments {
            if argument.is_undefined() {
                plain.push(None);
                continue;
            }
            let Some(json) = self.plain(argument)? else {
                let message = format!("${} takes no functions", host.name);
                return Err(Box::new(Error::new("T0410", message)));
            };
            plain.push(Some(json));
        }
        let result = self.environment.host_functions.call(&host.name, &plain)?;
        if let Some(json) = &result {
            self.budget
                .spend_bytes(json.as_str().map_or(24, str::len))?;
        }
        self.checked(result.map(Value::Json).unwrap_or_default())
    }

    /// `f(?, …)`
    #[inline(never)]
    pub(super) fn partial_node(
        &mut self,
        call: &Call,
        input: &Value,
        frame: &Rc<Frame>,
        position: usize,
    ) -> Outcome {
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(match argument {
                Some(node) => Some(self.eval(node, input, frame)?),
                None => None,
            });
        }
        let function = self.procedure(call, input, frame, position, "T1007")?;
        let Value::Function(function) = function else {
            let error =
                Error::new("T1008", "attempted to partially apply a non-function").at(position);
            let name = call
                .name
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            return Err(Box::new(error.token(name)));
        };
        let held = arguments
            .iter()
            .flatten()
            .map(Value::depth)
            .max()
            .unwrap_or(0);
        let depth = held.max(function.depth()).saturating_add(1);
        self.budget.check_nesting(depth)?;
        Ok(Value::Function(Rc::new(Function::Partial {
            function,
            arguments,
            depth,
        })))
    }

    /// `value ~> f`, `value ~> f(…)` and `f ~> g`.
    #[inline(never)]
    pub(super) fn apply_node(
        &mut self,
        pair: &(Node, Node),
        input: &Value,
        frame: &Rc<Frame>,
        position: usize,
    ) -> Outcome {
        let value = self.eval(&pair.0, input, frame)?.without_tuples();
        if let Code::Call(call) = &pair.1.code {
            return self.call_node(call, Some(value), input, frame, pair.1.position);
        }
        let Value::Function(second) = self.eval(&pair.1, input, frame)? else {
            let message =
                "the right side of the function application operator ~> must be a function";
            return Err(Box::new(Error::new("T2006", message).at(position)));
        };
        if let Value::Function(first) = value {
            let depth = first.depth().max(second.depth()).saturating_add(1);
            self.budget.check_nesting(depth)?;
            return Ok(Value::Function(Rc::new(Function::Chain {
                first,
                second,
                depth,
            })));
        }
        self.call(&second, vec![value], &Value::Undefined)
            .map_err(|error| Box::new(error.at(position)))
    }
}

/// Says in the message of a wrong argument which function it was for.
fn name_function(error: &mut Error, name: &str) {
    let of_function = format!(" of function \"{name}\"");
    let place = match error.code {
        "T0410" => error.message.find(" does not match"),
        "T0411" => Some(error.message.len()),
        "T0412" => error.message.find(" must be"),
        _ => None,
    };
    if let Some(place) = place {
        error.message.insert_str(place, &of_function);
    }
}

/// Goes on with another function.
fn then(function: &Rc<Function>, arguments: Vec<Value>) -> Tail {
    Tail::Call {
        function: Value::Function(Rc::clone(function)),
        arguments,
        site: None,
    }
}

fn not_a_function() -> Box<Error> {
    Box::new(Error::new("T1006", "attempted to invoke a non-function"))
}

/// The given arguments with the open ones filled in.
fn filled(given: &[Option<Value>], arguments: Vec<Value>) -> Vec<Value> {
    let mut open = arguments.into_iter();
    given
        .iter()
        .map(|argument| match argument {
            Some(value) => value.clone(),
            None => open.next().unwrap_or_default(),
        })
        .collect()
}
