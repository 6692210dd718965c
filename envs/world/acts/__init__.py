"""What acts do to the world, as kernels that run one after another in every decision.

Every act needs its target within 1.5 m and in sight, unless the table says otherwise or the body
holds it. An impossible act changes nothing, and its reason comes back in ``self``
(``contract.REASON_TEXT`` has it in words): ``no_target``, ``out_of_reach``, ``not_in_sight`` and
``not_possible`` (the thing does not offer it) for all, and those of the table. When several NPCs
act in one decision, all reach for what they reach before any act takes effect; of two who want the
same, the first one of the world gets it.

=========  ==========================================================  ===========================
act        what it does                                                 fails because
=========  ==========================================================  ===========================
examine    nothing; a thing with a text is read in 3 decisions and      locked things can be
           its text is the reader's alone in the next observation       examined too
touch      nothing but that it was done
take       the object goes into the hand, also from a surface or an     hands_full; refused (held
           open container, with all that is in it. A heavy one waits    by another); needs_help
           (running, needs_help) up to 20 decisions for a second NPC    (nobody came)
           to take it as well; then both carry it between them, at
           walking pace, and drop it when more than 3.2 m apart
put        place: on the floor ahead, in the place that the body is     hands_empty; out_of_reach
           in. Surface: on it (3 things). Open container: into it       (another place); no_room;
           (4 things, no containers). Heavy things: only on floors,     locked; not_possible (it is
           by either of the two                                         closed)
drop       as put, into the place that the body is in; no target        hands_empty; no_room
give       the held thing goes into the hand of a person                hands_empty; refused (their
                                                                        hands are full)
open       a door or a container; with its key in hand also a locked    locked; already_so
           one. Gates open to no hand
close      a door or a container; what is inside is out of sight        already_so; no_room (someone
                                                                        stands in the doorway)
switch     on or off; what it powers goes on or off with it, and a      not_possible
           door that it powers opens. What has a sound sounds while
           it is on
use        a door or a container: unlocks it with the key in hand;      locked (not its key);
           a thing that powers others: switches it on, again if it is   already_so (not locked)
           on; a thing with a sound: sounds for 2 s. Machines take 5
           decisions
push       the thing moves 0.2 m away                                   no_room; refused (held)
finish     "I am done": commits to the target; no reach needed          no_target
=========  ==========================================================  ===========================

Acts that take several decisions report started, then running, then done; they go on while the body
stays where it is and chooses no act or the same one, and end without a result otherwise. A door
with ``stays_open`` closes by itself after that time, as soon as nobody stands in it; the button
that powers it then springs back.
"""

from envs.world.acts.begin import begin_acts
from envs.world.acts.doors import close_doors, open_and_close
from envs.world.acts.finish import carry_things, finish_acts
from envs.world.acts.hands import push, put_and_drop, take_and_give
from envs.world.acts.switches import switch_and_use

ACT_KERNELS = (
    begin_acts, take_and_give, put_and_drop, push, open_and_close, switch_and_use, finish_acts,
    carry_things, close_doors,
)  # fmt: skip
"""In the order in which they run."""
