"""Load the sample workflows with the functions they call; put together here since functions are run-time things."""

from __future__ import annotations

import json

from designer.actions.create_state_machine import create_state_machine
from designer.models import StateMachine
from designer.permissions import Actor
from designer.samples.load import LANGUAGES, Sample, samples
from designer.settings import CONFIG
from executions.integrations.functions.actions import save_function
from executions.models import Function


def load_samples(actor: Actor) -> list[str]:
    """Create every sample in English and Japanese that is not there yet; the names of the machines created."""
    created: list[str] = []
    for language in LANGUAGES:
        for sample in samples(language, CONFIG.account, CONFIG.region):
            created += load_sample(actor, sample)
    return created


def load_sample(actor: Actor, sample: Sample) -> list[str]:
    """Create one sample's functions and machines, leaving alone what already has the name."""
    have = set(Function.objects.values_list("name", flat=True))
    for function in sample.functions:
        if function.name not in have:
            save_function(actor, name=function.name, source=function.source, description=sample.title)
    created = []
    for name, definition in [*sample.machines, (sample.name, sample.definition)]:
        if not StateMachine.objects.filter(name=name).exists():
            text = json.dumps(definition, ensure_ascii=False, indent=2)
            create_state_machine(actor, name=name, definition=text, comment=sample.title)
            created.append(name)
    return created
