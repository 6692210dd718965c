"""The deciding side of the agent server: minds behind a host, for any number of worlds.

One decision, from a game's question to its answer:

    unity_bridge  Host._exchange, Session.answer     lock-step: a message becomes a `WorldBatch`
                  LiveWorld.take, LiveWorld._decide  live link: the newest observations become one
    minds         Minds.decide                       the question waits for its answer
    admission     Admission.admit                    who of it is decided now, and who goes on
    queue         Queue.put, Queue.take              rows of all worlds' questions become a batch
    minds         Minds._work, Minds._decide         it goes to the thread of the mind
    decider       Decider.decide                     goals are heard, and the mind decides
    goal_watch    GoalWatch.hear, GoalWatch.watch    what goals change, with `hands` and `headway`
    rest          rest                               who has no goal stands
    minds         Minds._receive                     actions and words about goals come back
    answers       Answers.send, Answers.give_up      the answer; at the deadline the last intent
    unity_bridge  allow_actions                      nothing that is forbidden leaves the server

The decider and what it calls belong to the thread of the mind, all else to the event loop.
"""

from agent.serving.gather import blank_observations, join_infos
from agent.serving.minds import Minds
from agent.serving.options import ServingOptions
from agent.serving.saving import SaveError

__all__ = ["Minds", "SaveError", "ServingOptions", "blank_observations", "join_infos"]
