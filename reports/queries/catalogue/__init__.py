"""The figures that exist, and how each is computed from its query (D-50). Words for people are in labels.

Pages and commands show them in this order.
"""

from reports.queries.catalogue import deals, efforts, leads, outcomes, setpoints, targets
from reports.queries.catalogue.definition import Definition

CATALOGUE: dict[str, Definition] = {
    definition.slug: definition
    for of_noun in (deals, setpoints, outcomes, efforts, leads, targets)
    for definition in of_noun.FIGURES
}
