//! Nodes other than paths.

use super::name_set::NameSet;
use super::paths::bare;
use super::{Compiler, Context, analyse, label_name};
use crate::code::{
    After, Call, Code, Item, Lambda, Node, Pairs, Predicate, Transform, TupleScope, Variable,
};
use crate::error::{Error, REFUSED_CONTEXT};
use crate::expression::VariableUse;
use crate::regex::{Regex, RegexFlags};
use crate::shape::{Group, Shape, ShapeKind, Stage, StageKind};
use crate::signature::Signature;
use crate::stack::nests_too_deeply;
use crate::syntax::{BinaryOperator, Literal, RegexSource};
use passo_json::Json;
use std::sync::Arc;

impl Compiler<'_> {
    /// Compiles a node with its predicates and grouping.
    pub(super) fn node(&mut self, shape: &Shape) -> Result<Node, Error> {
        if self.stack.is_exhausted() {
            return Err(nests_too_deeply(shape.position));
        }
        Ok(Node {
            code: self.code(shape)?,
            position: shape.position,
            keep_array: shape.keep_array,
            after: self.after(shape)?,
        })
    }

    fn after(&mut self, shape: &Shape) -> Result<Option<Box<After>>, Error> {
        // The grouping of a path is the path's own business: it may group tuples.
        let is_path = matches!(shape.kind, ShapeKind::Path { .. });
        let group = shape.group.as_ref().filter(|_| !is_path);
        if shape.predicates.is_empty() && group.is_none() {
            return Ok(None);
        }
        let names = match &shape.kind {
            ShapeKind::Block(items) if shape.tuple => self.tuple_names(items),
            _ => NameSet::default(),
        };
        let scope = self.enter_tuples(names);
        let outer = std::mem::replace(&mut self.context, Context::Present);
        let predicates = self.predicates(&shape.predicates)?;
        let group = group.map(|group| self.pairs(group)).transpose()?;
        self.context = outer;
        self.scopes.leave();
        Ok(Some(Box::new(After {
            predicates,
            group,
            scope,
        })))
    }

    /// The names that steps bind.
    pub(super) fn tuple_names(&self, steps: &[Shape]) -> NameSet {
        analyse::tuple_names(steps, &|slot| self.label(slot))
    }

    /// Enters a scope for the names that tuples bind.
    pub(super) fn enter_tuples(&mut self, names: NameSet) -> TupleScope {
        let numbers = names.in_order().into_iter();
        let numbers = numbers.map(|name| self.number(name)).collect();
        let scope = self.scopes.enter_bound(names);
        TupleScope {
            scope,
            names: numbers,
        }
    }

    /// The name under which a step's input is bound for `%`.
    pub(super) fn label(&self, slot: usize) -> Arc<str> {
        label_name(self.labels.get(slot).copied().unwrap_or(slot))
    }

    fn predicates(&mut self, stages: &[Stage]) -> Result<Vec<Predicate>, Error> {
        let mut predicates = Vec::with_capacity(stages.len());
        for stage in stages {
            if let StageKind::Filter(filter) = &stage.kind {
                predicates.push(self.predicate(filter)?);
            }
        }
        Ok(predicates)
    }

    /// A filter; a literal number selects by index.
    pub(super) fn predicate(&mut self, filter: &Shape) -> Result<Predicate, Error> {
        if let ShapeKind::Literal(Literal::Number(number)) = &filter.kind {
            return Ok(Predicate::Index(number.floor()));
        }
        let outer = std::mem::replace(&mut self.context, Context::Present);
        let node = bare(self.node(filter)?);
        self.context = outer;
        Ok(Predicate::Filter(node))
    }

    fn code(&mut self, shape: &Shape) -> Result<Code, Error> {
        let position = shape.position;
        match &shape.kind {
            ShapeKind::Literal(literal) => Ok(Code::Constant(constant(literal))),
            ShapeKind::Name(name) => self.field(name, position),
            ShapeKind::Variable(name) => self.variable_code(name, &[], position),
            ShapeKind::Regex(source) => regex(source, position).map(Code::Regex),
            ShapeKind::Wildcard => self.need_context("*", position).map(|()| Code::Wildcard),
            ShapeKind::Descendants => self
                .need_context("**", position)
                .map(|()| Code::Descendants),
            ShapeKind::Parent(slot) => Ok(self.parent(*slot)),
            ShapeKind::Path { .. } => self.path(shape),
            ShapeKind::Negate(operand) => self.boxed(operand).map(Code::Negate),
            ShapeKind::Binary(operator, pair) => self.binary(*operator, pair),
            ShapeKind::Apply(pair) => self.apply(pair),
            ShapeKind::Bind(name, value) => self.bind(name, value),
            ShapeKind::Array(items) => self.array(items, shape.constructed),
            ShapeKind::Object(group) => self.pairs(group).map(Box::new).map(Code::Object),
            ShapeKind::Block(items) => self.block(items),
            ShapeKind::Condition(branches) => self.condition(branches),
            ShapeKind::Call(procedure, arguments) => self
                .call(procedure, arguments)
                .map(Box::new)
                .map(Code::Call),
            ShapeKind::Partial(procedure, arguments) => self
                .call(procedure, arguments)
                .map(Box::new)
                .map(Code::Partial),
            ShapeKind::Lambda {
                parameters,
                signature,
                body,
            } => {
                let lambda = self.lambda(parameters, signature.as_ref(), body);
                lambda.map(Arc::new).map(Code::Lambda)
            }
            ShapeKind::Transform {
                pattern,
                update,
                delete,
            } => {
                let transform = self.transform(pattern, update, delete.as_deref(), position);
                transform.map(Arc::new).map(Code::Transform)
            }
            ShapeKind::Sort(_) | ShapeKind::Placeholder => {
                Err(Error::new("S0206", "unknown expression type").at(position))
            }
        }
    }

    fn boxed(&mut self, shape: &Shape) -> Result<Box<Node>, Error> {
        self.node(shape).map(Box::new)
    }

    fn field(&self, name: &Arc<str>, position: usize) -> Result<Code, Error> {
        self.need_context(name, position)?;
        Ok(Code::Field(Arc::clone(name)))
    }

    fn parent(&self, slot: usize) -> Code {
        let slots = self.scopes.resolve(&self.label(slot)).into();
        Code::Variable(Variable {
            slots,
            global: None,
        })
    }

    fn binary(&mut self, operator: BinaryOperator, pair: &(Shape, Shape)) -> Result<Code, Error> {
        let mut chain = vec![(operator, pair, 0)];
        let mut first = &pair.0;
        // A loop, so that a long chain of operators needs no more stack than a short one.
        while let ShapeKind::Binary(operator, pair) = &first.kind
            && first.predicates.is_empty()
            && first.group.is_none()
        {
            chain.push((*operator, pair, first.position));
            first = &pair.0;
        }
        let mut left = bare(self.node(first)?);
        while let Some((operator, pair, position)) = chain.pop() {
            let right = bare(self.node(&pair.1)?);
            let code = Code::Binary(operator, Box::new((left, right)));
            left = Node {
                code,
                position,
                keep_array: false,
                after: None,
            };
        }
        Ok(left.code)
    }

    fn apply(&mut self, pair: &(Shape, Shape)) -> Result<Code, Error> {
        let left = self.node(&pair.0)?;
        let right = self.node(&pair.1)?;
        Ok(Code::Apply(Box::new((left, right))))
    }

    fn bind(&mut self, name: &Arc<str>, value: &Shape) -> Result<Code, Error> {
        let value = self.boxed(value)?;
        let slot = self.scopes.bind(name);
        Ok(Code::Bind(slot, value))
    }

    fn condition(&mut self, branches: &(Shape, Shape, Option<Shape>)) -> Result<Code, Error> {
        let condition = self.node(&branches.0)?;
        let then = self.node(&branches.1)?;
        let otherwise = branches
            .2
            .as_ref()
            .map(|node| self.node(node))
            .transpose()?;
        Ok(Code::Condition(Box::new((condition, then, otherwise))))
    }

    /// A variable, with the field names that follow it in the path.
    pub(super) fn variable_code(
        &mut self,
        name: &Arc<str>,
        fields: &[Arc<str>],
        position: usize,
    ) -> Result<Code, Error> {
        if name.is_empty() {
            self.need_context("$", position)?;
            return Ok(Code::Context);
        }
        if &**name == "$" && self.profile.forbid_context_root {
            return Err(refused_context("$$", position));
        }
        let variable = self.variable(name).map_err(|error| error.at(position))?;
        if let Some(global) = variable.global
            && self.scopes.is_free(name)
            && !self.is_function(global)
            && &**name != "$"
        {
            let fields = fields.to_vec();
            self.uses.push(VariableUse {
                name: Arc::clone(name),
                fields,
                position,
            });
        }
        Ok(Code::Variable(variable))
    }

    fn variable(&mut self, name: &Arc<str>) -> Result<Variable, Error> {
        let slots = self.scopes.resolve(name).into();
        // A name that is bound here is never the caller's, even where that one is refused.
        let global = match self.global(name) {
            Ok(global) => Some(global),
            Err(_) if !self.scopes.is_free(name) => None,
            Err(error) => return Err(error),
        };
        Ok(Variable { slots, global })
    }

    pub(super) fn need_context(&self, name: &str, position: usize) -> Result<(), Error> {
        match self.context {
            Context::Present => Ok(()),
            Context::Absent => Err(refused_context(name, position)),
        }
    }

    fn array(&mut self, items: &[Shape], constructed: bool) -> Result<Code, Error> {
        let mut members = Vec::with_capacity(items.len());
        for item in items {
            let nested = matches!(item.kind, ShapeKind::Array(_));
            members.push(Item {
                node: self.node(item)?,
                nested,
            });
        }
        Ok(Code::Array {
            items: members,
            constructed,
        })
    }

    pub(super) fn pairs(&mut self, group: &Group) -> Result<Pairs, Error> {
        let mut pairs = Vec::with_capacity(group.pairs.len());
        let mut keys = NameSet::default();
        let mut are_literal = true;
        for (key, value) in &group.pairs {
            are_literal &= literal_key(key).is_some_and(|key| keys.add(key));
            pairs.push((self.node(key)?, self.node(value)?));
        }
        let keys = keys.in_order().into_iter().cloned().collect();
        Ok(Pairs {
            pairs,
            position: group.position,
            literal_keys: are_literal.then_some(keys),
        })
    }

    fn block(&mut self, items: &[Shape]) -> Result<Code, Error> {
        let scope = self.scopes.enter(analyse::bound_in(items));
        let items = items
            .iter()
            .map(|item| self.node(item))
            .collect::<Result<_, _>>();
        self.scopes.leave();
        Ok(Code::Block {
            scope,
            items: items?,
        })
    }

    fn call(&mut self, procedure: &Shape, arguments: &[Shape]) -> Result<Call, Error> {
        let bare = bare_name(procedure);
        let name = match &procedure.kind {
            ShapeKind::Variable(name) => Some(Arc::clone(name)),
            _ => bare.cloned(),
        };
        let mut compiled = Vec::with_capacity(arguments.len());
        for argument in arguments {
            compiled.push(match argument.kind {
                ShapeKind::Placeholder => None,
                _ => Some(self.node(argument)?),
            });
        }
        let meant = match bare {
            Some(name) => Some(self.variable(name)?),
            None => None,
        };
        Ok(Call {
            procedure: self.node(procedure)?,
            arguments: compiled,
            name,
            meant,
        })
    }

    fn lambda(
        &mut self,
        parameters: &[Arc<str>],
        signature: Option<&Arc<Signature>>,
        body: &Shape,
    ) -> Result<Lambda, Error> {
        let mut names = NameSet::default();
        for name in parameters {
            names.add(name);
        }
        let distinct = names.len();
        for name in analyse::bound_names(body).in_order() {
            names.add(name);
        }
        let slot_of = |name: &Arc<str>| names.place(name).unwrap_or(0);
        let parameter_slots: Vec<usize> = parameters.iter().map(slot_of).collect();
        let repeats = distinct < parameters.len();
        self.scopes.enter_function(!analyse::captures(body));
        self.scopes.enter_body(distinct, names);
        let body = self.node(body);
        self.scopes.leave();
        let slots = self.scopes.leave_function();
        Ok(Lambda {
            parameters: parameters.len(),
            signature: signature.cloned(),
            slots,
            parameter_slots,
            repeats,
            body: body?,
        })
    }

    fn transform(
        &mut self,
        pattern: &Shape,
        update: &Shape,
        delete: Option<&Shape>,
        position: usize,
    ) -> Result<Transform, Error> {
        let outer = std::mem::replace(&mut self.context, Context::Present);
        let pattern = self.node(pattern)?;
        let update = self.node(update)?;
        let delete = delete.map(|node| self.node(node)).transpose()?;
        self.context = outer;
        Ok(Transform {
            pattern,
            update,
            delete,
            position,
        })
    }
}

/// The key of a pair, where it is a string as it stands.
fn literal_key(key: &Shape) -> Option<&Arc<str>> {
    match &key.kind {
        ShapeKind::Literal(Literal::String(text))
            if key.predicates.is_empty() && key.group.is_none() =>
        {
            Some(text)
        }
        _ => None,
    }
}

/// The name, where the node is a bare field name.
fn bare_name(shape: &Shape) -> Option<&Arc<str>> {
    match &shape.kind {
        ShapeKind::Path { steps, .. } => match &steps.first()?.kind {
            ShapeKind::Name(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

fn refused_context(name: &str, position: usize) -> Error {
    let message = format!("`{name}` refers to the top-level input, which does not exist here");
    Error::new(REFUSED_CONTEXT, message)
        .at(position)
        .token(name)
}

fn constant(literal: &Literal) -> Json {
    match literal {
        Literal::String(text) => Json::String(Arc::clone(text)),
        Literal::Number(number) => crate::number::json(*number).unwrap_or(Json::Null),
        Literal::Boolean(boolean) => Json::Bool(*boolean),
        Literal::Null => Json::Null,
    }
}

fn regex(source: &RegexSource, position: usize) -> Result<Arc<Regex>, Error> {
    let flags = RegexFlags {
        ignore_case: source.ignore_case,
        multi_line: source.multi_line,
    };
    Regex::compile(&source.pattern, flags)
        .map(Arc::new)
        .map_err(|error| error.at(position))
}
