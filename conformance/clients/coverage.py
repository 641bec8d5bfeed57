"""What was used of a service: each operation with success, and each error that its model has."""

import threading

from answers import mistakes

KMS = "keys are recorded, none is asked for: there is no KMS to refuse, to be busy, or to lose one"
ONE_AT_A_TIME = "changes are made one after another: two cannot meet"

# Errors that cannot be provoked, whatever the operation.
NEVER = {
    "KmsAccessDeniedException": KMS,
    "KmsInvalidStateException": KMS,
    "KmsThrottlingException": KMS,
    "InvalidTracingConfiguration": "its only member is a flag: what is not a flag is a SerializationException",
    "ExecutionLimitExceeded": "a million executions may be open",
}

# Errors of one operation that cannot be provoked in a minute on one machine, or that other checks come before.
NOT_HERE = {
    ("CreateActivity", "ActivityLimitExceeded"): "the quota is 100,000",
    ("CreateStateMachine", "StateMachineLimitExceeded"): "the quota is 100,000",
    ("CreateStateMachine", "StateMachineTypeNotSupported"): "both types are supported, a third one is a ValidationException",
    ("CreateStateMachine", "ConflictException"): ONE_AT_A_TIME,
    ("UpdateStateMachine", "ConflictException"): ONE_AT_A_TIME,
    ("UpdateStateMachineAlias", "ConflictException"): ONE_AT_A_TIME,
    ("DeleteStateMachineAlias", "ConflictException"): ONE_AT_A_TIME,
    ("CreateStateMachineAlias", "InvalidName"): "a name that breaks the pattern is a ValidationException",
    ("StartSyncExecution", "StateMachineDeleting"): "nothing of an Express state machine is waited for: it is gone at once",
}


class Coverage:
    """Listens to clients, and remembers what they were answered."""

    def __init__(self, service_model):
        self._model = service_model
        self._lock = threading.Lock()
        self._seen: set[tuple[str, str | None]] = set()
        self._mistakes: dict[str, None] = {}

    def listen(self, client) -> None:
        """Hears every answer that `client` gets from now on."""
        client.meta.events.register("after-call", self._heard)

    def _heard(self, http_response, parsed, model, **_) -> None:
        code = parsed.get("Error", {}).get("Code")
        found = mistakes(model, http_response)
        with self._lock:
            self._seen.add((model.name, code))
            for mistake in found:
                self._mistakes[f"{model.name}: {mistake}"] = None

    def report(self) -> list[str]:
        """Everything that is missing or wrong."""
        wrong = list(self._mistakes)
        for name in self._model.operation_names:
            if (name, None) not in self._seen:
                wrong.append(f"{name} never succeeded")
            for shape in self._model.operation_model(name).error_shapes:
                wrong += self._about(name, shape.name)
        known = {(name, error.name) for name in self._model.operation_names
                 for error in self._model.operation_model(name).error_shapes}
        return wrong + [f"{pair} is excused but not in the model" for pair in NOT_HERE if pair not in known]

    def figures(self) -> str:
        pairs = [(name, shape.name) for name in self._model.operation_names
                 for shape in self._model.operation_model(name).error_shapes]
        provoked = sum(pair in self._seen for pair in pairs)
        return (f"{len(self._model.operation_names)} operations, {provoked} of {len(pairs)} modelled errors provoked, "
                f"{len(pairs) - provoked} excused")

    def _about(self, operation: str, error: str) -> list[str]:
        is_excused = error in NEVER or (operation, error) in NOT_HERE
        is_provoked = (operation, error) in self._seen
        if is_provoked and is_excused:
            return [f"{operation}: {error} was provoked; it needs no excuse"]
        if not is_provoked and not is_excused:
            return [f"{operation}: {error} was not provoked"]
        return []
