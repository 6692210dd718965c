"""Asking, telling and answering."""

from __future__ import annotations

from agent.belief.actions import SURE_RANGE
from agent.belief.choices import LAST_SEEN_TRUST, choose_person
from agent.belief.columns import BodyColumn, NodeColumn, RouteColumn
from agent.belief.goal_columns import GoalField, Verb
from agent.policies.steering import face
from agent.policies.walking import REACH, explore, go_towards, since
from envs.contract import SLOTS, Branch, Say
from envs.jit import njit

TALK_RANGE = 6.0
"""Somebody in sight is spoken to from this near, metres."""
REPEAT_SECONDS = 0.8
"""A message is repeated after this time without an answer."""
BESIDE = 0.4
"""A way shorter than this leads no nearer to somebody, metres."""
PAUSE_SECONDS = 0.15
"""Between any two of our sentences."""
ANSWER_SECONDS = 0.45
"""Having called somebody out of sight one listens for so long."""
CALL_SECONDS = 2.0
"""Somebody who is not in sight is called this often."""
OPEN_QUESTION_SECONDS = 3.0
"""A question put to us is answered within this time or not at all."""
_ASK, _TELL = int(Say.ASK), int(Say.TELL)
_V_TELL, _V_ASK = int(Verb.TELL), int(Verb.ASK)


@njit(cache=True, error_model="numpy")
def _say(say, about, where, person, nodes, body, routes, action):  # type: ignore[no-untyped-def]
    """Say something to a person, facing it where it is known to be."""
    action[Branch.SAY] = say
    action[Branch.ABOUT] = about
    action[Branch.WHERE] = where
    action[Branch.TARGET] = person
    if nodes[person, NodeColumn.VISIBLE] > 0.5:
        bearing = routes[person, RouteColumn.BEARING]
        action[Branch.MOVE], action[Branch.TURN] = face(bearing, body)


@njit(cache=True, error_model="numpy")
def answer_question(nodes, body, routes, action):  # type: ignore[no-untyped-def]
    """Tell whoever asked us lately about something that we know."""
    clock = body[BodyColumn.CLOCK]
    for slot in range(1, SLOTS):
        node = nodes[slot]
        about = int(node[NodeColumn.ASKED_US_ABOUT])
        if about <= 0 or clock - node[NodeColumn.ASKED_US_CLOCK] > OPEN_QUESTION_SECONDS:
            continue
        where = int(nodes[about, NodeColumn.TOLD_PLACE])
        if where > 0:
            _say(_TELL, about, where, slot, nodes, body, routes, action)
            return True
    return False


@njit(cache=True, error_model="numpy")
def talk(nodes, places, goal, body, routes, action):  # type: ignore[no-untyped-def]
    """Ask and tell what the goal wants asked and told; False when all that is done."""
    verb = int(goal[GoalField.VERB])
    answered = goal[GoalField.ANSWER] > 0.0 or verb == _V_TELL
    if verb == _V_ASK:
        answered = False  # by whomever it is to be
    person = choose_person(nodes, body, goal, routes)
    told = (goal[GoalField.TELL_TOPIC] == 0.0 or goal[GoalField.TELL_PLACE] == 0.0
            or (person > 0 and nodes[person, NodeColumn.GIVEN_CLOCK] >= 0.0))  # fmt: skip
    if answered and told:
        return False
    if person == 0:
        explore(nodes, places, goal, body, routes, True, action)
        return True
    clock = body[BodyColumn.CLOCK]
    node = nodes[person]
    in_sight = node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.DISTANCE] <= (
        TALK_RANGE if told else SURE_RANGE)  # fmt: skip
    pause = REPEAT_SECONDS if in_sight else CALL_SECONDS
    if since(body[BodyColumn.SAID_CLOCK], clock) >= PAUSE_SECONDS:
        if not told and in_sight:
            _say(_TELL, int(goal[GoalField.TELL_TOPIC]), int(goal[GoalField.TELL_PLACE]), person,
                 nodes, body, routes, action)  # fmt: skip
            return True
        asks = not answered and goal[GoalField.TOPIC] > 0.0
        if asks and since(node[NodeColumn.ASKED_CLOCK], clock) >= pause:
            _say(_ASK, int(goal[GoalField.TOPIC]), 0, person, nodes, body, routes, action)
            return True
        calls = answered and verb != _V_TELL  # who is told something is gone to
        if calls and since(body[BodyColumn.SAID_CLOCK], clock) >= pause:
            _say(_TELL, int(goal[GoalField.TELL_TOPIC]), int(goal[GoalField.TELL_PLACE]), person,
                 nodes, body, routes, action)  # fmt: skip
            return True
    if in_sight:
        action[Branch.TARGET] = person
        action[Branch.MOVE], action[Branch.TURN] = face(routes[person, RouteColumn.BEARING], body)
        return True
    if since(body[BodyColumn.SAID_CLOCK], clock) < ANSWER_SECONDS:
        action[Branch.TARGET] = person
        return True
    stays = goal[GoalField.TELL_TOPIC] == 0.0  # guides do, team mates do not
    lately = stays or since(node[NodeColumn.LAST_SEEN], clock) < LAST_SEEN_TRUST
    away = node[NodeColumn.DISTANCE] > REACH and routes[person, RouteColumn.REACHABLE] > 0.5
    if verb == _V_TELL:  # whoever waits for a report waits where it was
        lately = node[NodeColumn.PLACED] > 0.5
        away = routes[person, RouteColumn.REACHABLE] > 0.5 and (
            routes[person, RouteColumn.LENGTH] > BESIDE
        )
    if lately and away:
        go_towards(person, nodes, body, routes, action)
    else:
        explore(nodes, places, goal, body, routes, True, action)
    return True


@njit(cache=True, error_model="numpy")
def listen_for(person, nodes, body, routes, action):  # type: ignore[no-untyped-def]
    """Stand and wait for somebody to come and speak, facing where they are if that is seen."""
    action[Branch.TARGET] = person
    if nodes[person, NodeColumn.VISIBLE] > 0.5:
        action[Branch.MOVE], action[Branch.TURN] = face(routes[person, RouteColumn.BEARING], body)
