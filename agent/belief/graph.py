"""The belief of one NPC as a graph that one can walk, question and export.

A view of the arrays for explanations, reports and tests; decisions never wait for it. Nodes are
slots (things, places, people, topics), ``"me"``, ``"goal"`` and sounds such as ``"sound:ring"``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import networkx as nx

from agent.belief.columns import (
    BodyColumn,
    DoorwayColumn,
    FactColumn,
    NodeColumn,
    PlaceColumn,
    Relation,
    SoundColumn,
)
from agent.belief.goal_columns import GoalField, Verb
from agent.belief.state import BeliefState, NodeName
from agent.dialogue.lexicon import COLORS, SOUNDS
from agent.dialogue.understand import find_mentions, name_words
from envs.contract import KIND_NAMES, SLOTS, STATE_NAMES
from envs.words import split_words

Node = int | str
ME, GOAL = "me", "goal"
SEEN_CONFIDENCE = 0.98
"""Confidence in what was seen with one's own eyes."""
SOUND_MATCH = 0.2
"""A thing whose mean bearing error is less is believed to make the goal's sound."""


@dataclass(frozen=True)
class Fact:
    """One thing that is believed: about, relation, where; from whom, when, and how surely."""

    about: Node
    relation: str
    where: Node
    source: Node
    """``"me"``, the slot of who said it, or 0 for a briefing."""
    clock: float
    confidence: float
    contradicted: bool = False


@dataclass(frozen=True)
class Answer:
    """An answer to a question, with the facts that it rests on."""

    text: str
    nodes: tuple[Node, ...] = ()
    facts: tuple[Fact, ...] = ()
    """The best first; contradicting ones are kept."""
    confidence: float = 0.0


class SceneGraph:
    """What one NPC believes, as a networkx graph with one edge per relation."""

    def __init__(self, state: BeliefState, row: int = 0) -> None:
        """Read one row; later changes of the state do not show.

        Args:
            state: beliefs.
            row: whose.
        """
        self.graph: nx.MultiDiGraph = nx.MultiDiGraph()
        self._names: dict[int, NodeName] = dict(state.memory[row].names)
        self._add_nodes(state, row)
        self._add_doorways(state, row)
        self._add_testimony(state, row)
        self._add_self_and_goal(state, row)

    def _add_nodes(self, state: BeliefState, row: int) -> None:
        nodes, places = state.nodes[row], state.places[row]
        for slot in range(1, SLOTS):
            node = nodes[slot]
            if node[NodeColumn.KNOWN] < 0.5:
                continue
            name = self._names.get(slot, NodeName("", ""))
            about: dict[str, Any] = {
                "kind": KIND_NAMES[int(node[NodeColumn.KIND])],
                "name": name.name or name.class_name,
                "class": name.class_name,
                "visible": bool(node[NodeColumn.VISIBLE]),
                "last_seen": float(node[NodeColumn.LAST_SEEN]),
            }
            if node[NodeColumn.PLACED] > 0.5:
                about["position"] = [
                    round(float(node[c]), 2) for c in (NodeColumn.X, NodeColumn.Y, NodeColumn.Z)
                ]
            if node[NodeColumn.COLOR_DECIDED] > 0.5:
                log = node[NodeColumn.COLOR_LOG : NodeColumn.COLOR_LOG + len(COLORS)]
                about["color"] = COLORS[int(log.argmax())]
            bits = node[NodeColumn.STATE : NodeColumn.STATE + len(STATE_NAMES)]
            about["state"] = [label for label, bit in zip(STATE_NAMES, bits, strict=True) if bit]
            if about["kind"] == "place":
                about["visited"] = bool(places[slot, PlaceColumn.VISITED])
            self.graph.add_node(slot, **about)
        for slot in [*self.graph]:
            place = int(nodes[slot, NodeColumn.PLACE])
            if place and place in self.graph and nodes[slot, NodeColumn.LAST_SEEN] >= 0.0:
                seen = float(nodes[slot, NodeColumn.LAST_SEEN])
                self._relate(Fact(slot, "in", place, ME, seen, SEEN_CONFIDENCE))

    def _add_doorways(self, state: BeliefState, row: int) -> None:
        for number, doorway in enumerate(state.doorways[row]):
            if doorway[DoorwayColumn.USED] < 0.5:
                continue
            slot = int(doorway[DoorwayColumn.DOOR])
            node: Node = slot if slot in self.graph else f"doorway:{number}"
            position = [round(float(doorway[c]), 2) for c in (DoorwayColumn.X, DoorwayColumn.Z)]
            if node not in self.graph:
                self.graph.add_node(node, kind="doorway", name="a doorway")
            self.graph.nodes[node]["position"] = [position[0], 0.0, position[1]]
            clock = float(state.body[row, BodyColumn.CLOCK])
            blocked = float(doorway[DoorwayColumn.BLOCKED_UNTIL]) > clock
            self.graph.nodes[node]["blocked"] = blocked
            for column in (DoorwayColumn.PLACE_A, DoorwayColumn.PLACE_B):
                place = int(doorway[column])
                if place in self.graph:
                    self._relate(Fact(node, "joins", place, ME, 0.0, 1.0))

    def _add_testimony(self, state: BeliefState, row: int) -> None:
        for fact in state.facts[row]:
            relation = Relation(int(fact[FactColumn.RELATION]))
            about, where = int(fact[FactColumn.ABOUT]), int(fact[FactColumn.WHERE])
            if relation is Relation.NONE or about not in self.graph or where not in self.graph:
                continue
            self._relate(
                Fact(
                    about, f"said_{relation.name.lower()}", where, int(fact[FactColumn.SOURCE]),
                    float(fact[FactColumn.CLOCK]), float(fact[FactColumn.CONFIDENCE]),
                    bool(fact[FactColumn.CONTRADICTED]),
                )
            )  # fmt: skip

    def _add_self_and_goal(self, state: BeliefState, row: int) -> None:
        body, goal, nodes = state.body[row], state.goals[row], state.nodes[row]
        clock = float(body[BodyColumn.CLOCK])
        position = [round(float(body[c]), 2) for c in (BodyColumn.X, BodyColumn.Y, BodyColumn.Z)]
        self.graph.add_node(ME, kind="me", name="I", position=position)
        for column, relation in ((BodyColumn.PLACE, "in"), (BodyColumn.HELD, "holds")):
            slot = int(body[column])
            if slot in self.graph:
                self._relate(Fact(ME, relation, slot, ME, clock, 1.0))
        for sound, label in enumerate(SOUNDS):
            heard = float(state.sounds[row, sound, SoundColumn.LAST_HEARD])
            if heard >= 0.0:
                self.graph.add_node(f"sound:{label}", kind="sound", name=f"the {label}")
                self._relate(Fact(ME, "hears", f"sound:{label}", ME, heard, 1.0))
        if not state.memory[row].goal_text:
            return
        verb = Verb(int(goal[GoalField.VERB])).name.lower()
        self.graph.add_node(GOAL, kind="goal", name=state.memory[row].goal_text, verb=verb)
        self._relate(Fact(ME, "wants", GOAL, ME, clock, 1.0))
        for slot in range(1, SLOTS):
            if nodes[slot, NodeColumn.NAME_IN_GOAL] > 0.5 and slot in self.graph:
                self._relate(Fact(GOAL, "names", slot, ME, clock, 1.0))
        wanted = int(goal[GoalField.SOUND])
        if wanted >= 0 and f"sound:{SOUNDS[wanted]}" in self.graph:
            for slot in range(1, SLOTS):
                error = float(nodes[slot, NodeColumn.SOUND_ERROR])
                if slot in self.graph and error < SOUND_MATCH:
                    source = f"sound:{SOUNDS[wanted]}"
                    self._relate(Fact(slot, "sounds_like", source, ME, clock, 1.0 - error))

    def _relate(self, fact: Fact) -> None:
        self.graph.add_edge(fact.about, fact.where, relation=fact.relation, fact=fact)

    def facts(self, about: Node | None = None, relation: str | None = None) -> list[Fact]:
        """All facts, or those about a node or of a relation."""
        return [
            fact for _, _, fact in self.graph.edges(data="fact")
            if (about is None or fact.about == about)
            and (relation is None or fact.relation == relation)
        ]  # fmt: skip

    def neighbors(self, node: Node, relation: str | None = None) -> list[Node]:
        """Nodes that a node is related to, in either direction."""
        found: dict[Node, None] = {}
        for _, other, name in self.graph.out_edges(node, data="relation"):
            if relation in (None, name):
                found[other] = None
        for other, _, name in self.graph.in_edges(node, data="relation"):
            if relation in (None, name):
                found[other] = None
        return [*found]

    def find(self, name: str) -> Node:
        """The node of this name.

        Raises:
            KeyError: nothing known is called so.
        """
        if name in self.graph:
            return name
        wanted = name_words(name)
        for node, about in self.graph.nodes(data=True):
            if name_words(about["name"]) == wanted:
                return node
        raise KeyError(f"Nothing known is called {name!r}: ask for one of {self._some_names()}.")

    def _some_names(self) -> str:
        names = {about["name"] for _, about in self.graph.nodes(data=True) if about["name"]}
        return ", ".join(sorted(names)[:12])

    def route(self, start: Node, end: Node) -> list[Node]:
        """Places and doors from one node to another, the nodes included; empty without a way.

        Blocked doorways are left out. A thing is reached by way of the place that it is in.
        """
        ways = nx.Graph()
        for node, about in self.graph.nodes(data=True):
            if about["kind"] in ("door", "doorway") and not about.get("blocked"):
                for place in self.neighbors(node, "joins"):
                    ways.add_edge(node, place, length=self._length(node, place))
        for node in (start, end):
            for relation in ("in", "said_in"):
                for fact in self.facts(node, relation):
                    if not fact.contradicted:
                        ways.add_edge(node, fact.where, length=self._length(node, fact.where))
        if start == end:
            return [start]
        if start not in ways or end not in ways or not nx.has_path(ways, start, end):
            return []
        return nx.shortest_path(ways, start, end, weight="length")

    def _length(self, first: Node, second: Node) -> float:
        ends = [self.graph.nodes[node].get("position") for node in (first, second)]
        if ends[0] is None or ends[1] is None:
            return 1.0
        return 0.01 + math.dist(ends[0], ends[1])

    def ask(self, question: str) -> Answer:
        """Answer "where is ...", "what is in ...", "where am I" or "who said that about ..."."""
        words = split_words(question)
        if words[:3] == ["where", "am", "i"]:
            return self._where(ME)
        mentions = find_mentions(words, self._names)
        if not mentions:
            return Answer("I do not know what you mean.")
        slot = next((s for s in mentions[0].slots if s in self.graph), 0)
        if not slot:
            return Answer(f"I know nothing about {question.rstrip('?')}.")
        if words[0] == "what":
            return self._contents(slot)
        return self._where(slot)

    def _where(self, node: Node) -> Answer:
        facts = [*self.facts(node, "in"), *self.facts(node, "said_in")]
        facts.sort(key=lambda fact: (fact.contradicted, -fact.confidence, -fact.clock))
        name = self.graph.nodes[node]["name"]
        if not facts:
            return Answer(f"I do not know where {name} is.")
        best = facts[0]
        text = f"{name} {'am' if node == ME else 'is'} in {self._name(best.where)}"
        if best.source != ME:
            text += ", so I was told" if best.source == 0 else f", says {self._name(best.source)}"
        doubts = [self._name(fact.where) for fact in facts if fact.contradicted]
        if doubts:
            text += f"; I have also heard {', '.join(doubts)}"
        return Answer(text + ".", (best.where,), tuple(facts), best.confidence)

    def _contents(self, node: Node) -> Answer:
        facts = [
            fact for relation in ("in", "said_in") for fact in self.facts(relation=relation)
            if fact.where == node and not fact.contradicted
        ]  # fmt: skip
        if not facts:
            return Answer(f"I know of nothing in {self._name(node)}.", (), (), 0.0)
        held = [self._name(fact.about) for fact in facts]
        text = f"In {self._name(node)}: {', '.join(held)}."
        nodes = tuple(fact.about for fact in facts)
        return Answer(text, nodes, tuple(facts), min(fact.confidence for fact in facts))

    def _name(self, node: Node) -> str:
        about = self.graph.nodes.get(node)
        return about["name"] if about and about["name"] else "somebody"

    def _edges(self) -> Iterator[dict[str, Any]]:
        for fact in self.facts():
            yield asdict(fact)

    def to_json(self) -> dict[str, Any]:
        """Nodes and facts as plain data."""
        nodes = [{"id": node, **about} for node, about in self.graph.nodes(data=True)]
        return {"nodes": nodes, "facts": [*self._edges()]}
